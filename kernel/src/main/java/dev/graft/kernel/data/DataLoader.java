package dev.graft.kernel.data;

import dev.graft.kernel.recipe.DataSection;
import dev.graft.kernel.recipe.DataSection.Overlong;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.model.ModelDescription;
import dev.graft.spi.model.Task;
import dev.graft.spi.objective.DataRecord;
import dev.graft.spi.objective.Example;
import dev.graft.spi.objective.Labeller;
import dev.graft.spi.objective.Objective;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads what a recipe's data section names and has an objective turn it into examples. */
public final class DataLoader {
    private DataLoader() {}

    /**
     * The examples of a data section.
     *
     * @param data the section
     * @param seed decides which records are kept for evaluation, unless the section has a seed of its own
     * @param objective turns records into examples
     * @param tokenizer the base model's
     * @param model the base model's measures
     * @throws ConfigurationException if a file, a record or a key is wrong, naming file and line; if nothing is left to
     *     learn from
     */
    public static DataSets load(
            DataSection data, long seed, Objective objective, Tokenizer tokenizer, ModelDescription model) {
        if (data.packing() && !objective.packable()) {
            throw new ConfigurationException(
                    "data.packing is true but the objective needs a row for every example;" + " packing must be false");
        }
        Records records = records(data, seed);
        List<String> labels = labels(data, objective, records);
        ExampleMaker maker =
                new ExampleMaker(objective::encode, tokenizer, model, labels, data.maxLength(), data.overlong());
        List<String> notes = new ArrayList<>();
        Records prepared = records.prepared(objective, seed);
        List<Example> train = maker.examples(prepared.train(), "training", notes);
        List<Example> eval = maker.examples(prepared.eval(), "evaluation", notes);
        if (train.isEmpty()) {
            throw new ConfigurationException("nothing is left to train on: " + String.join("; ", notes));
        }
        if (eval.isEmpty() && !records.eval().isEmpty()) {
            throw new ConfigurationException("nothing is left to evaluate on: " + String.join("; ", notes));
        }
        return new DataSets(train, eval, labels, notes);
    }

    /**
     * The class names that a data section gives, or that its files hold; empty where the objective has no classes or
     * the records no labels. A model's head can be sized by it before the model is loaded.
     *
     * @throws ConfigurationException if a file, a record or a key is wrong, naming file and line
     */
    public static List<String> labels(DataSection data, long seed, Objective objective) {
        return labels(data, objective, records(data, seed));
    }

    /**
     * Examples to evaluate on, from files of their own.
     *
     * @param files the files
     * @param data how their records are to be read
     * @param labels class names in the order of their ids; empty where the objective has no classes
     * @throws ConfigurationException if a file or a record is wrong, naming file and line; if no record is left
     */
    public static DataSets evaluation(
            List<Path> files,
            DataSection data,
            List<String> labels,
            Objective objective,
            Tokenizer tokenizer,
            ModelDescription model) {
        List<DataRecord> evaluated = limited(shaped(files, data), data.evalLimit());
        List<DataRecord> records = objective.prepare(
                evaluated,
                data.train() == null ? evaluated : limited(shaped(data.trainFiles(), data), data.limit()),
                RandomStream.seeded(data.seed() == null ? 0 : data.seed())
                        .fork("records")
                        .fork("evaluation"));
        ExampleMaker maker =
                new ExampleMaker(objective::encode, tokenizer, model, labels, data.maxLength(), data.overlong());
        List<String> notes = new ArrayList<>();
        List<Example> eval = maker.examples(records, "evaluation", notes);
        if (eval.isEmpty()) {
            throw new ConfigurationException("nothing is left to evaluate on: " + String.join("; ", notes));
        }
        return new DataSets(List.of(), eval, labels, notes);
    }

    /**
     * How many outputs the model's head needs: those that the objective asks for, else one per class; 0 = as the model has
     * them.
     *
     * @param labels class names, as {@link #labels} finds them
     */
    public static int outputs(Objective objective, List<String> labels) {
        return objective.outputs() > 0 ? objective.outputs() : labels.size();
    }

    /**
     * Records of files of their own, to be given labels. Every record makes one example; the end of one that is too long
     * is cut off, unless that is to be an error.
     *
     * @param labels class names in the order of their ids; empty where the objective has no classes
     * @throws ConfigurationException if a file or a record is wrong, naming file and line
     */
    public static Unlabelled unlabelled(
            List<Path> files,
            DataSection data,
            List<String> labels,
            Objective objective,
            Labeller labeller,
            Tokenizer tokenizer,
            ModelDescription model) {
        List<DataRecord> records = nonEmpty(files);
        RecordShaper shaper = shaper(data);
        List<DataRecord> prepared = objective.prepare(
                records.stream().map(shaper::shapeWithoutLabel).toList(),
                data.train() == null ? List.of() : limited(shaped(data.trainFiles(), data), data.limit()),
                RandomStream.seeded(data.seed() == null ? 0 : data.seed())
                        .fork("records")
                        .fork("evaluation"));
        if (prepared.size() != records.size()) {
            throw new ConfigurationException("the objective makes " + prepared.size() + " questions of "
                    + records.size() + " records, so that no record has a label of its own");
        }
        Overlong overlong = data.overlong() == Overlong.ERROR ? Overlong.ERROR : Overlong.TRUNCATE;
        ExampleMaker maker = new ExampleMaker(
                (record, context) -> Optional.of(labeller.encode(record, context)),
                tokenizer,
                model,
                labels,
                data.maxLength(),
                overlong);
        List<String> notes = new ArrayList<>();
        return new Unlabelled(records, maker.examples(prepared, "unlabelled", notes), notes);
    }

    /** The id to pad with: the tokenizer's, else the model's, else the end of sequence, else 0. */
    public static int padToken(Tokenizer tokenizer, ModelDescription model) {
        Optional<Integer> known = tokenizer.special("pad_token").filter(id -> id < model.vocabulary());
        if (known.isEmpty() && model.padToken() >= 0) {
            return model.padToken();
        }
        return known.or(() -> tokenizer.special("eos_token"))
                .filter(id -> id < model.vocabulary())
                .orElse(0);
    }

    /** Records of both kinds, limits applied. */
    private record Records(List<DataRecord> train, List<DataRecord> eval) {
        /** As the objective wants them. */
        Records prepared(Objective objective, long seed) {
            RandomStream random = RandomStream.seeded(seed).fork("records");
            return new Records(
                    objective.prepare(train, train, random.fork("training")),
                    eval.isEmpty() ? eval : objective.prepare(eval, train, random.fork("evaluation")));
        }
    }

    private static Records records(DataSection data, long seed) {
        List<DataRecord> all = shaped(data.trainFiles(), data);
        EvaluationShare share;
        if (data.eval() == null) {
            share = EvaluationShare.of(
                    all, data.evalFraction(), data.evalFrom(), data.seed() == null ? seed : data.seed());
        } else {
            share = new EvaluationShare(all, shaped(data.evalFiles(), data));
        }
        return new Records(limited(share.train(), data.limit()), limited(share.eval(), data.evalLimit()));
    }

    private static List<DataRecord> shaped(List<Path> files, DataSection data) {
        RecordShaper shaper = shaper(data);
        return nonEmpty(files).stream().map(shaper::shape).toList();
    }

    private static List<DataRecord> nonEmpty(List<Path> files) {
        List<DataRecord> records = DataFiles.read(files);
        if (records.isEmpty()) {
            throw new ConfigurationException("the data set is empty: there is no record in "
                    + String.join(", ", files.stream().map(Path::toString).toList()));
        }
        return records;
    }

    private static RecordShaper shaper(DataSection data) {
        return new RecordShaper(data.format(), data.columns(), data.template(), data.system());
    }

    private static List<DataRecord> limited(List<DataRecord> records, Integer limit) {
        return limit == null || limit >= records.size() ? records : records.subList(0, limit);
    }

    private static List<String> labels(DataSection data, Objective objective, Records records) {
        if (objective.outputs() > 0 || (objective.task() != Task.SEQ_CLS && objective.task() != Task.TOKEN_CLS)) {
            return List.of();
        }
        return data.labels() == null || data.labels().isEmpty()
                ? Labels.of(Stream.concat(records.train().stream(), records.eval().stream()))
                : List.copyOf(data.labels());
    }
}
