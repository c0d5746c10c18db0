package dev.graft.kernel.verify;

import dev.graft.spi.config.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The optimizer line of a case, for instance {@code AdamW lr=0.01 betas=(0.9,0.999) eps=1e-8 weight_decay=0.01}.
 *
 * @param id the optimizer's id
 * @param learningRate the learning rate
 * @param options its other keys
 */
record OptimizerText(String id, double learningRate, Map<String, Object> options) {
    private static final Pattern SETTING = Pattern.compile("(\\w+)=(\\([^)]*\\)|\\S+)");

    static OptimizerText parse(String text) {
        String id = text.strip().split("[\\s,]+", 2)[0].toLowerCase(Locale.ROOT);
        Map<String, Object> options = new LinkedHashMap<>();
        double rate = Double.NaN;
        Matcher matcher = SETTING.matcher(text);
        while (matcher.find()) {
            Object value = value(matcher.group(2));
            if (matcher.group(1).equals("lr") && value instanceof Double number) {
                rate = number;
            } else {
                options.put(matcher.group(1), value);
            }
        }
        if (Double.isNaN(rate)) {
            throw new ConfigurationException("the optimizer line '" + text + "' names no learning rate (lr=…)");
        }
        return new OptimizerText(id, rate, options);
    }

    private static Object value(String text) {
        if (!text.startsWith("(")) {
            return number(text);
        }
        return List.of(text.substring(1, text.length() - 1).split(",")).stream()
                .map(OptimizerText::number)
                .toList();
    }

    private static Double number(String text) {
        String digits = text.strip();
        while (digits.endsWith(",") || digits.endsWith(";")) {
            digits = digits.substring(0, digits.length() - 1);
        }
        try {
            return Double.valueOf(digits);
        } catch (NumberFormatException e) {
            throw new ConfigurationException("the optimizer line of a case has '" + text.strip() + "' for a number", e);
        }
    }
}
