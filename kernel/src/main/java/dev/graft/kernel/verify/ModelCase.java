package dev.graft.kernel.verify;

import dev.graft.kernel.compose.LoadedModel;
import dev.graft.kernel.compose.PassOptions;
import dev.graft.kernel.compose.RowAssignment;
import dev.graft.kernel.generate.Generation;
import dev.graft.kernel.generate.GenerationRequest;
import dev.graft.kernel.generate.Generator;
import dev.graft.kernel.generate.SamplingOptions;
import dev.graft.kernel.generate.TokenListener;
import dev.graft.kernel.model.ModelLoader;
import dev.graft.kernel.plugin.PluginKind;
import dev.graft.kernel.plugin.Plugins;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tokenizer.Tokenizer;
import dev.graft.spi.tokenizer.TokenizerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A checkpoint against its expected logits and greedy continuation. */
final class ModelCase {
    private final Plugins registry;
    private final GraftTensors tensors;
    private final ModelLoader loader;

    ModelCase(Plugins registry, GraftTensors tensors, ModelLoader loader) {
        this.registry = registry;
        this.tensors = tensors;
        this.loader = loader;
    }

    CaseReport verify(String name, Path directory) {
        Comparison comparison = new Comparison();
        try (LoadedModel model = loader.load(directory, ModelLoader.Options.asStored());
                Reference reference = new Reference(tensors, directory)) {
            tensors.withoutGradient(() -> {
                logits(model, reference, comparison);
                return null;
            });
            if (reference.has("greedy_output")) {
                greedy(model, reference, comparison);
                greedyText(directory, reference, comparison);
            }
        }
        return comparison.report(name);
    }

    private void logits(LoadedModel model, Reference reference, Comparison comparison) {
        try (Scope scope = tensors.scope()) {
            Tensor expected = reference.tensor("logits");
            Tensor found = model.forward(reference.input(), RowAssignment.base(), PassOptions.inference())
                    .logits();
            double tolerance = Tolerances.of(model.description()).logits();
            comparison.logits("logits", expected.floats(), found.floats(), reference.compared(expected), tolerance);
        }
    }

    /** Compares the tokenizer's part in a greedy continuation: the prompt's ids and the text of the output. */
    private void greedyText(Path directory, Reference reference, Comparison comparison) {
        Path file = directory.resolve("expected.json");
        Map<String, Object> expected = Files.exists(file) ? JsonFile.read(file) : Map.of();
        if (!(expected.get("prompt") instanceof String prompt) || !(expected.get("greedy") instanceof String greedy)) {
            return;
        }
        Optional<TokenizerProvider> provider = registry.find(
                        PluginKind.TOKENIZER, plugin -> ((TokenizerProvider) plugin.provider()).supports(directory))
                .map(plugin -> (TokenizerProvider) plugin.provider());
        if (provider.isEmpty()) {
            comparison.require(false, "no installed tokenizer plugin reads the files of this directory");
            return;
        }
        try (Tokenizer tokenizer = provider.get().load(directory);
                Scope scope = tensors.scope()) {
            int[] ids = tokenizer.encode(prompt, true).ids();
            int[] wanted = integers(reference.integers("greedy_prompt"));
            comparison.require(Arrays.equals(ids, wanted), "ids of the prompt '" + prompt + "' differ");
            String found = tokenizer.decode(integers(reference.integers("greedy_output")), true);
            comparison.require(found.equals(greedy), "the greedy text is '" + found + "' instead of '" + greedy + "'");
        }
    }

    private static int[] integers(Tensor tensor) {
        return Arrays.stream(tensor.longs()).mapToInt(Math::toIntExact).toArray();
    }

    private void greedy(LoadedModel model, Reference reference, Comparison comparison) {
        List<GenerationRequest> requests = new ArrayList<>();
        List<int[]> expected = new ArrayList<>();
        try (Scope scope = tensors.scope()) {
            Tensor prompts = reference.integers("greedy_prompt");
            Tensor outputs = reference.integers("greedy_output");
            int promptLength = Math.toIntExact(prompts.size(1));
            int length = Math.toIntExact(outputs.size(1));
            SamplingOptions options = SamplingOptions.greedy(length - promptLength);
            for (int row = 0; row < outputs.size(0); row++) {
                int[] prompt = integers(prompts.slice(0, row, row + 1));
                requests.add(new GenerationRequest(prompt, List.of(), options));
                expected.add(Arrays.copyOfRange(integers(outputs.slice(0, row, row + 1)), promptLength, length));
            }
        }
        List<Generation> found = new Generator(model, null).generate(requests, TokenListener.none());
        for (int row = 0; row < expected.size(); row++) {
            int[] ids = found.get(row).ids();
            int[] wanted = expected.get(row);
            int differs = Arrays.mismatch(wanted, ids);
            comparison.require(
                    differs < 0,
                    "new greedy token " + differs + " of row " + row + " is " + at(ids, differs) + " instead of "
                            + at(wanted, differs));
        }
    }

    private static String at(int[] ids, int index) {
        return index >= 0 && index < ids.length ? String.valueOf(ids[index]) : "missing";
    }
}
