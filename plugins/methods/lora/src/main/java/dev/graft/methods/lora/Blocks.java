package dev.graft.methods.lora;

import dev.graft.spi.config.Choice;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks that a configuration is limited to.
 *
 * @param numbers their numbers; empty means no limit
 * @param patterns what names look like inside the list of blocks; the first that matches counts
 */
record Blocks(List<Integer> numbers, List<Pattern> patterns) {
    static Blocks of(LoraConfig config) {
        Choice lists = config.layersPattern();
        List<String> names = lists == null ? List.of("[^.]*") : lists.names().orElseGet(() -> List.of(lists.single()));
        List<Pattern> patterns = names.stream()
                .map(name -> Patterns.compile("layers_pattern", name, ".*\\." + name + "\\.(\\d+)\\..*"))
                .toList();
        return new Blocks(config.layersToTransform(), patterns);
    }

    boolean contain(String module) {
        if (numbers.isEmpty()) {
            return true;
        }
        return patterns.stream()
                .map(pattern -> pattern.matcher(module))
                .filter(Matcher::matches)
                .findFirst()
                .filter(matcher -> numbers.contains(Integer.parseInt(matcher.group(1))))
                .isPresent();
    }
}
