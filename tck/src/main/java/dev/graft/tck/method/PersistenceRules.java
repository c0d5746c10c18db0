package dev.graft.tck.method;

import static dev.graft.tck.rule.Chapter.article;
import static dev.graft.tck.rule.Rule.must;
import static dev.graft.tck.rule.Rule.should;

import dev.graft.kernel.compose.AttachedAdapter;
import dev.graft.kernel.config.ConfigurationBinder;
import dev.graft.kernel.safetensors.SafetensorsFile;
import dev.graft.kernel.safetensors.TensorData;
import dev.graft.kernel.storage.JsonFile;
import dev.graft.spi.engine.DType;
import dev.graft.spi.method.AdapterFormat;
import dev.graft.spi.tensor.Scope;
import dev.graft.tck.bench.Logits;
import dev.graft.tck.bench.Tokens;
import dev.graft.tck.bench.Training;
import dev.graft.tck.rule.Chapter;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chapter 5: files. */
public final class PersistenceRules {
    /** The chapter. */
    public static final Chapter<MethodTrial<?>> CHAPTER = new Chapter<>(
            5,
            "Persistence",
            List.of(
                    article(
                            must(
                                            "5.01",
                                            "aLoadedAdapterComputesTheSame",
                                            "An adapter that was saved and loaded computes what"
                                                    + " it did, to the bit.")
                                    .because("What was evaluated is what is served.")
                                    .look("values that are part of the computation and neither parameter nor buffer."),
                            PersistenceRules::computesTheSame),
                    article(
                            must(
                                            "5.02",
                                            "savingAgainWritesTheSame",
                                            "A loaded adapter is saved as the same description and"
                                                    + " the same tensors.")
                                    .because("Copies do not drift.")
                                    .look("AdapterFormat: read what write writes, and write what read reads."),
                            PersistenceRules::savesTheSame),
                    article(
                            must(
                                            "5.03",
                                            "trainingGoesOnAsIfNothingHappened",
                                            "Saving, loading and training on equals training" + " on, to the bit.")
                                    .because("A run that was stopped comes to the same end.")
                                    .seen(
                                            "transformers 24330: resuming an adapter's training started from its beginning.")
                                    .look("state of training that is kept in fields: use AttachContext.variable."),
                            PersistenceRules::goesOn),
                    article(
                            must(
                                            "5.04",
                                            "filesHoldTheAdapterAlone",
                                            "The files hold the saved parameters, buffers and"
                                                    + " variables, and nothing of the base.")
                                    .because("An adapter is small, and may be given away where the base may not.")
                                    .seen("PEFT's bias='all' saves every bias of the base under keys nobody loads.")
                                    .look("Attachment.state()."),
                            PersistenceRules::holdsTheAdapterAlone),
                    article(
                            must(
                                            "5.05",
                                            "theFormatKnowsItsOwn",
                                            "The format recognises what it wrote, and recognises neither an"
                                                    + " empty description nor one of another kind.")
                                    .because("The file alone says which plugin reads it.")
                                    .look("AdapterFormat.recognises."),
                            PersistenceRules::knowsItsOwn),
                    article(
                            must(
                                            "5.06",
                                            "theConfigurationComesBack",
                                            "The configuration read back from the description makes"
                                                    + " an attachment of the same parameters.")
                                    .because("A key that is lost loads another technique than was trained.")
                                    .look("AdapterFormat.write and read: is every key there?"),
                            PersistenceRules::configurationComesBack),
                    article(
                            must(
                                            "5.07",
                                            "aTruncatedFileIsRefused",
                                            "A tensor file that was cut off is refused in one sentence,"
                                                    + " and nothing is left.")
                                    .because("Disks fill up.")
                                    .seen("vllm 11727: a broken adapter took the server down.")
                                    .withoutMutant("files are opened by the kernel; no plugin can get in between"),
                            DamagedFiles::truncated),
                    article(
                            must(
                                            "5.08",
                                            "aMissingTensorIsRefused",
                                            "A file without a tensor that the adapter needs is refused"
                                                    + " in one sentence, and nothing is left.")
                                    .because("Half an adapter computes something, and nobody knows what.")
                                    .look("parameters that are declared only if they are stored."),
                            DamagedFiles::missing),
                    article(
                            must(
                                            "5.09",
                                            "aWrongShapeIsRefused",
                                            "A tensor of another shape is refused in one sentence, and"
                                                    + " nothing is left.")
                                    .because("It belongs to another model.")
                                    .look("shapes taken from the file: they follow from model and configuration."),
                            DamagedFiles::wrongShape),
                    article(
                            must(
                                            "5.10",
                                            "aForeignTensorIsRefused",
                                            "A tensor that the adapter has no use for is refused in one"
                                                    + " sentence, and nothing is left.")
                                    .because("It says that the configuration is not the one that was trained.")
                                    .look("AttachContext.ignore: only for names that other libraries write."),
                            DamagedFiles::foreign),
                    article(
                            must(
                                            "5.11",
                                            "aHostileDescriptionIsRefused",
                                            "Whatever value stands at a key of the description, it"
                                                    + " is read or refused in one sentence; nothing is left.")
                                    .because("Descriptions come from other people and other programs.")
                                    .look("casts in AdapterFormat.read and recognises; PeftKeys reads keys safely."),
                            DamagedFiles::hostile),
                    article(
                            must(
                                            "5.12",
                                            "theDescriptionIsPlain",
                                            "The description holds strings, numbers, truth values, lists"
                                                    + " and maps with string keys.")
                                    .because("It is JSON.")
                                    .look(
                                            "AdapterFormat.write: enums and records are to be turned into strings and maps."),
                            PersistenceRules::plain),
                    article(
                            should(
                                            "5.13",
                                            "theFilesSpeakForThemselves",
                                            "Without Graft's manifest, as other libraries leave an"
                                                    + " adapter, it loads and computes the same.")
                                    .because("Adapters travel between libraries.")
                                    .look("AdapterFormat.recognises and prefers."),
                            PersistenceRules::withoutManifest)));

    private PersistenceRules() {}

    private static void computesTheSame(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(1);
            AttachedAdapter again = stage.load(stage.save(adapter)).get(0);
            LearningRules.sameValues(again, adapter, "after loading");
            Expect.sameBits(
                    Logits.of(stage.model(), Tokens.PAIR, again).all(),
                    Logits.of(stage.model(), Tokens.PAIR, adapter).all(),
                    "logits of the loaded adapter");
        }
    }

    private static void savesTheSame(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            Path one = own(stage.save(stage.settled(1)));
            Path two = own(stage.save(stage.load(top(one)).get(0)));
            String config = trial.provider().format().configFile();
            Expect.equal(
                    JsonFile.read(two.resolve(config)), JsonFile.read(one.resolve(config)), config + " saved again");
            Expect.equal(tensors(trial, two), tensors(trial, one), "tensors saved again");
        }
    }

    /** The folder of the adapter's own files: the one it was saved to, or its own below that where it is built upon others. */
    static Path own(Path saved) {
        Path below = saved.resolve(saved.getFileName());
        return Files.isDirectory(below) ? below : saved;
    }

    private static Path top(Path own) {
        return own.getFileName().equals(own.getParent().getFileName()) ? own.getParent() : own;
    }

    private static Map<String, List<Object>> tensors(MethodTrial<?> trial, Path folder) {
        Map<String, List<Object>> tensors = new LinkedHashMap<>();
        AdapterFormat format = trial.provider().format();
        List<String> files = new ArrayList<>(format.furtherFiles());
        files.add(format.weightsFile());
        for (String name : files) {
            if (Files.exists(folder.resolve(name))) {
                try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(name))) {
                    file.contents()
                            .forEach((tensor, data) -> tensors.put(tensor, List.of(data.shape(), data.gather())));
                }
            }
        }
        return tensors;
    }

    private static void goesOn(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(stage.fresh(1));
            try (Training training = new Training(stage.model(), adapter)) {
                training.steps(3);
                AttachedAdapter again = stage.load(stage.save(adapter)).get(0);
                try (Training resumed = new Training(stage.model(), again).resumedFrom(training)) {
                    double uninterrupted = training.steps(3);
                    Expect.equal(resumed.steps(3), uninterrupted, "the loss after going on");
                }
                LearningRules.sameValues(again, adapter, "after going on");
            }
        }
    }

    private static void holdsTheAdapterAlone(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(1);
            Path folder = own(stage.save(adapter));
            Map<String, float[]> weights = stage.weights();
            for (String name : List.of(trial.provider().format().weightsFile())) {
                try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(name))) {
                    file.contents().forEach((tensor, data) -> {
                        if (data.dtype() == DType.FLOAT32 && data.shape().elements() > 1) {
                            float[] values = floats(data);
                            weights.forEach((weight, base) -> Expect.that(
                                    varied(base) ? !Arrays.equals(values, base) : true,
                                    tensor + " in " + name + " is the base's " + weight));
                        }
                    });
                }
            }
        }
    }

    private static boolean varied(float[] values) {
        for (float value : values) {
            if (value != values[0]) {
                return true;
            }
        }
        return false;
    }

    private static float[] floats(TensorData data) {
        ByteBuffer bytes = data.gather().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private static void knowsItsOwn(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AdapterFormat format = trial.provider().format();
            Map<String, Object> description =
                    JsonFile.read(own(stage.save(stage.settled(1))).resolve(format.configFile()));
            Expect.that(format.recognises(description), "it does not recognise its own " + format.configFile());
            Expect.that(!format.recognises(Map.of()), "it recognises an empty description");
            Expect.that(
                    !format.recognises(Map.of("peft_type", "TCK_UNKNOWN", "config", Map.of("architecture", "tck"))),
                    "it recognises a description of peft_type TCK_UNKNOWN");
        }
    }

    private static void configurationComesBack(MethodTrial<?> trial) {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(1);
            AdapterFormat format = trial.provider().format();
            Path file = own(stage.save(adapter)).resolve(format.configFile());
            Record configuration = ConfigurationBinder.bind(
                    trial.provider().configuration(), format.read(JsonFile.read(file)), "description");
            if (!trial.tried().parts().isEmpty()) {
                throw new NotApplicable("an adapter built upon others is loaded with them; rule 5.01 covers it");
            }
            Expect.equal(
                    trainable(trial, stage, configuration),
                    trainable(trial, stage, trial.configuration()),
                    "trainable parameters of the configuration read back");
        }
    }

    private static <C extends Record> long trainable(MethodTrial<C> trial, Stage stage, Record configuration) {
        return trial.provider()
                .trainableParameters(
                        stage.model().view(), trial.provider().configuration().cast(configuration));
    }

    private static void plain(MethodTrial<?> trial) {
        try (Stage stage = trial.stage();
                Scope scope = stage.model().tensors().scope()) {
            AttachedAdapter adapter = stage.settled(1);
            Map<String, Object> description = trial.provider()
                    .format()
                    .write(new AdapterFormat.Described(
                            adapter.name(),
                            ConfigurationBinder.toMap(adapter.configuration()),
                            stage.model().view(),
                            "base",
                            adapter.parts().stream().map(AttachedAdapter::name).toList(),
                            adapter.attachment().state().keySet()));
            plain(description, "the description");
        }
    }

    private static void plain(Object value, String where) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, element) -> {
                Expect.that(key instanceof String, where + " has the key " + key + ", which is no string");
                plain(element, where + "." + key);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(element -> plain(element, where + "[]"));
        } else {
            Expect.that(
                    value == null || value instanceof String || value instanceof Number || value instanceof Boolean,
                    where + " holds a " + (value == null ? "" : value.getClass().getName()));
        }
    }

    private static void withoutManifest(MethodTrial<?> trial) throws Exception {
        try (Stage stage = trial.stage()) {
            AttachedAdapter adapter = stage.settled(1);
            Path folder = stage.save(adapter);
            Files.delete(folder.resolve("graft_manifest.json"));
            AttachedAdapter again = stage.load(folder).get(0);
            Expect.close(
                    Logits.of(stage.model(), Tokens.PAIR, again).all(),
                    Logits.of(stage.model(), Tokens.PAIR, adapter).all(),
                    AttachmentRules.ROUNDING,
                    "logits of the adapter loaded without the manifest");
        }
    }
}
