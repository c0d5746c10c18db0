package dev.graft.standalone.chain;

import dev.graft.kernel.storage.AtomicFile;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.standalone.report.BarChart;
import dev.graft.standalone.terminal.Table;
import dev.graft.standalone.training.Figures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the stages of a chain came to.
 *
 * @param chain the chain
 * @param measured the base, then the stages that were measured; empty where nothing was
 */
public record ChainReport(StageChain chain, List<Measured> measured) {
    private static final int COLUMNS = 100;

    /**
     * One model.
     *
     * @param name the stage's, or that of the base
     * @param figures everything its evaluation gave
     */
    public record Measured(String name, Map<String, Double> figures) {}

    /** Copies the list. */
    public ChainReport {
        measured = List.copyOf(measured);
    }

    /** The report as a tree. */
    public Map<String, Object> tree() {
        Map<String, Object> figures = new LinkedHashMap<>();
        measured.forEach(one -> figures.put(one.name(), one.figures()));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("stages", chain.stages().stream().map(StageChain.Stage::name).toList());
        tree.put("figure", chain.measure() == null ? null : chain.measure().figure());
        tree.put("measured", figures);
        return tree;
    }

    /** The report for people. */
    public List<String> lines() {
        if (measured.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>(measured.get(0).figures().keySet());
        names.remove(chain.measure().figure());
        names.add(0, chain.measure().figure());
        List<String> head = new ArrayList<>(List.of("STAGE"));
        names.forEach(name -> head.add(name.toUpperCase(Locale.ROOT)));
        Table table = Table.withNumbers(names.size(), head.toArray(String[]::new));
        for (Measured one : measured) {
            List<String> cells = new ArrayList<>(List.of(one.name()));
            names.forEach(name -> cells.add(Figures.text(one.figures().getOrDefault(name, Double.NaN))));
            table.row(cells.toArray(String[]::new));
        }
        return table.lines(COLUMNS);
    }

    /** Writes {@code report.json}, {@code report.md} and {@code report.png} into a directory. */
    void write(Path directory) {
        String figure = chain.measure().figure();
        JsonFile.write(directory.resolve("report.json"), tree());
        String text = "![" + figure + " of every stage](report.png)\n\n```\n" + String.join("\n", lines()) + "\n```\n";
        AtomicFile.write(directory.resolve("report.md"), text.getBytes(StandardCharsets.UTF_8));
        Map<String, Double> bars = new LinkedHashMap<>();
        measured.forEach(one -> bars.put(one.name(), one.figures().get(figure)));
        try {
            BarChart.write(figure + " on held-out data, after each stage", bars, directory.resolve("report.png"));
        } catch (IOException e) {
            throw new ConfigurationException(
                    directory.resolve("report.png") + " cannot be written: " + e.getMessage(), e);
        }
    }
}
