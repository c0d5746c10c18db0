package dev.graft.objectives.classification;

import dev.graft.spi.config.Key;
import java.util.List;

/**
 * Configuration of classification.
 *
 * @param text the column of the text
 * @param textPair the column of the second text of a pair
 * @param label the column of the class
 * @param labelSmoothing share of the target spread evenly over all classes
 * @param classWeights weight of each class in the order of their ids; null = 1
 */
public record ClassificationConfig(
        @Key(value = "Column of the text", defaultsTo = "text")
        String text,

        @Key(value = "Column of the second text of a pair, where a record has one", defaultsTo = "text_pair")
        String textPair,

        @Key(value = "Column of the class: its name or its number from 0", defaultsTo = "label")
        String label,

        @Key(value = "Share of the target that is spread evenly over all classes", defaultsTo = "0", min = 0, max = 1)
        double labelSmoothing,

        @Key("Weight of each class in the order of data.labels; left out, 1 each")
        List<Double> classWeights) {}
