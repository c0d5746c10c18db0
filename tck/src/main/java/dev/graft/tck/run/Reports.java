package dev.graft.tck.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.graft.tck.rule.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A verdict as files: JSON, JUnit's XML, one HTML page, and a certificate. */
public final class Reports {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Reports() {}

    /** The verdict with every outcome. */
    public static Map<String, Object> tree(Verdict verdict) {
        Map<String, Object> tree = head(verdict);
        tree.put("outcomes", verdict.outcomes().stream().map(Reports::outcome).toList());
        return tree;
    }

    private static Map<String, Object> head(Verdict verdict) {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("jar", verdict.jar());
        head.put("sha256", verdict.checksum());
        head.put("plugins", verdict.plugins());
        head.put("spi_version", verdict.spiVersion());
        head.put("kit_version", verdict.kitVersion());
        head.put("rules", verdict.selection());
        head.put("seed", verdict.seed());
        head.put("passed", verdict.count(Outcome.Status.PASSED));
        head.put("failed", verdict.count(Outcome.Status.FAILED));
        head.put("not_applicable", verdict.count(Outcome.Status.NOT_APPLICABLE));
        head.put("result", verdict.passed() ? "passed" : "failed");
        return head;
    }

    /** One outcome. */
    public static Map<String, Object> outcome(Outcome outcome) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("subject", outcome.subject());
        tree.put("rule", outcome.rule().number());
        tree.put("level", outcome.rule().level().name());
        tree.put("name", outcome.rule().name());
        tree.put("status", status(outcome));
        tree.put("found", outcome.found());
        tree.put("millis", outcome.millis());
        return tree;
    }

    private static String status(Outcome outcome) {
        return outcome.status().name().toLowerCase(Locale.ROOT);
    }

    /** JSON, indented. */
    public static String json(Map<String, Object> tree) {
        try {
            return JSON.writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * What an author hands on with a plugin: which jar passed which rules. Without a name or a date, so that the same jar has the
     * same certificate.
     */
    public static String certificate(Verdict verdict) {
        Map<String, Object> tree = head(verdict);
        Map<String, Object> rules = new LinkedHashMap<>();
        verdict.outcomes()
                .forEach(outcome ->
                        rules.put(outcome.subject() + " " + outcome.rule().number(), status(outcome)));
        tree.put("outcomes", rules);
        return json(tree);
    }

    /** JUnit's XML: one suite for each subject, one case for each rule. */
    public static String junit(Verdict verdict) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        bySubject(verdict).forEach((subject, outcomes) -> {
            xml.append("  <testsuite name=\"")
                    .append(escaped(subject))
                    .append("\" tests=\"")
                    .append(outcomes.size());
            xml.append("\" failures=\"").append(count(outcomes, Outcome.Status.FAILED));
            xml.append("\" errors=\"0\" skipped=\"").append(count(outcomes, Outcome.Status.NOT_APPLICABLE));
            xml.append("\" time=\"")
                    .append(seconds(outcomes.stream().mapToLong(Outcome::millis).sum()))
                    .append("\">\n");
            outcomes.forEach(outcome -> junit(xml, outcome));
            xml.append("  </testsuite>\n");
        });
        return xml.append("</testsuites>\n").toString();
    }

    private static void junit(StringBuilder xml, Outcome outcome) {
        xml.append("    <testcase classname=\"")
                .append(escaped(outcome.subject()))
                .append("\" name=\"");
        xml.append(outcome.rule().testName())
                .append("\" time=\"")
                .append(seconds(outcome.millis()))
                .append("\"");
        switch (outcome.status()) {
            case PASSED -> xml.append("/>\n");
            case FAILED ->
                xml.append(">\n      <failure message=\"")
                        .append(escaped(outcome.rule().sentence()))
                        .append("\">")
                        .append(escaped(outcome.explanation()))
                        .append("</failure>\n    </testcase>\n");
            case NOT_APPLICABLE ->
                xml.append(">\n      <skipped message=\"")
                        .append(escaped(outcome.found()))
                        .append("\"/>\n    </testcase>\n");
        }
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / 1000.0);
    }

    private static long count(List<Outcome> outcomes, Outcome.Status status) {
        return outcomes.stream().filter(outcome -> outcome.status() == status).count();
    }

    private static Map<String, List<Outcome>> bySubject(Verdict verdict) {
        return verdict.outcomes().stream()
                .collect(Collectors.groupingBy(Outcome::subject, LinkedHashMap::new, Collectors.toList()));
    }

    /** One page that needs nothing beside it. */
    public static String html(Verdict verdict) {
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(verdict.jar()))
                .append("</title>\n<style>body{font:15px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}")
                .append("table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;")
                .append("padding:.3em .6em;border-bottom:1px solid #ccc}pre{white-space:pre-wrap;margin:0}")
                .append(".passed{color:#060}.failed{color:#a00;font-weight:bold}.not_applicable{color:#666}")
                .append("</style></head><body>\n<h1>")
                .append(escaped(verdict.jar()))
                .append(verdict.passed() ? " keeps the contract" : " breaks the contract")
                .append("</h1>\n<table>\n");
        head(verdict)
                .forEach((key, value) -> page.append("<tr><th>")
                        .append(key.replace('_', ' '))
                        .append("</th><td>")
                        .append(escaped(String.valueOf(value)))
                        .append("</td></tr>\n"));
        page.append("</table>\n");
        bySubject(verdict).forEach((subject, outcomes) -> {
            page.append("<h2>").append(escaped(subject)).append("</h2>\n<table>\n");
            outcomes.forEach(outcome -> page.append("<tr><td>")
                    .append(outcome.rule().number())
                    .append("</td><td>")
                    .append(outcome.rule().level())
                    .append("</td><td class=\"")
                    .append(status(outcome))
                    .append("\">")
                    .append(status(outcome).replace('_', ' '))
                    .append("</td><td>")
                    .append(escaped(outcome.rule().sentence()))
                    .append(outcome.found().isEmpty() ? "" : "<pre>" + escaped(outcome.found()) + "</pre>")
                    .append(
                            outcome.status() == Outcome.Status.FAILED
                                    ? "<p>Look at: " + escaped(outcome.rule().hint()) + "</p>"
                                    : "")
                    .append("</td></tr>\n"));
            page.append("</table>\n");
        });
        return page.append("</body></html>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]", "?");
    }
}
