package dev.graft.starter.grammar;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads grammar files. A line {@code = name (column column)} begins a rule; each line below it is one way to expand that rule, its columns
 * set apart by {@code |}; {@code *3} in front of a line makes it three times as likely; {@code -} is the empty text; {@code #} begins a
 * remark; a backslash at the end joins the next line.
 */
public final class GrammarReader {

    private static final Pattern HEADER = Pattern.compile("= ([a-z][a-z0-9_]*)(?: \\(([a-z ]+)\\))?");
    private static final Pattern WEIGHT = Pattern.compile("\\*(\\d+) (.*)");

    private final Map<String, List<Line>> rules = new LinkedHashMap<>();
    private String rule;
    private List<String> columns = List.of();

    private GrammarReader() {}

    /**
     * Reads one grammar from class-path resources; a rule may be used in one file and defined in another.
     *
     * @param owner the class whose package holds the resources
     * @param resources their names
     * @throws GrammarException when a file is missing or a line cannot be read; the message names file and line
     */
    public static Grammar read(Class<?> owner, List<String> resources) {
        GrammarReader reader = new GrammarReader();
        for (String resource : resources) {
            try (InputStream in = owner.getResourceAsStream(resource)) {
                if (in == null) {
                    throw new GrammarException("there is no grammar file " + resource + " beside " + owner.getName());
                }
                reader.readAll(resource, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the grammar file " + resource, e);
            }
        }
        return new Grammar(reader.rules);
    }

    /**
     * Reads one grammar from text.
     *
     * @throws GrammarException when a line cannot be read
     */
    public static Grammar parse(String text) {
        GrammarReader reader = new GrammarReader();
        reader.readAll("text", text);
        return new Grammar(reader.rules);
    }

    private void readAll(String file, String text) {
        rule = null;
        String[] lines = text.split("\n", -1);
        StringBuilder joined = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            joined.append(joined.length() == 0 ? lines[i] : lines[i].stripLeading());
            if (lines[i].endsWith("\\")) {
                joined.setLength(joined.length() - 1);
                continue;
            }
            try {
                readLine(joined.toString().strip());
            } catch (GrammarException e) {
                throw new GrammarException(file + ":" + (i + 1) + ": " + e.getMessage());
            }
            joined.setLength(0);
        }
    }

    private void readLine(String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        Matcher header = HEADER.matcher(line);
        if (header.matches()) {
            rule = header.group(1);
            columns = header.group(2) == null
                    ? List.of()
                    : List.of(header.group(2).split(" "));
            if (rules.put(rule, new ArrayList<>()) != null) {
                throw new GrammarException("rule \"" + rule + "\" is defined twice");
            }
        } else if (rule == null) {
            throw new GrammarException("\"" + line + "\" stands before the first rule");
        } else {
            rules.get(rule).add(alternative(line));
        }
    }

    private Line alternative(String line) {
        Matcher weighted = WEIGHT.matcher(line);
        boolean hasWeight = weighted.matches();
        List<String> cells = cells(hasWeight ? weighted.group(2) : line);
        if (cells.size() != columns.size() + 1) {
            throw new GrammarException("rule \"" + rule + "\" has " + columns.size()
                    + " columns besides its text, but \"" + line + "\" has " + (cells.size() - 1));
        }
        Map<String, List<Part>> parsed = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            parsed.put(columns.get(i), template(cells.get(i + 1)));
        }
        return new Line(rule, hasWeight ? Integer.parseInt(weighted.group(1)) : 1, template(cells.get(0)), parsed);
    }

    private static List<Part> template(String cell) {
        return cell.equals("-") ? List.of() : TemplateParser.parse(cell);
    }

    /** Splits at the bars that stand outside all brackets. */
    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '[') {
                depth++;
            } else if (c == ']') {
                depth--;
            } else if (c == '|' && depth == 0) {
                cells.add(line.substring(start, i).strip());
                start = i + 1;
            }
        }
        cells.add(line.substring(start).strip());
        return cells;
    }
}
