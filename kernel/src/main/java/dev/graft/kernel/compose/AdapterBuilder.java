package dev.graft.kernel.compose;

import dev.graft.kernel.tensor.ArrayTensor;
import dev.graft.kernel.tensor.GraftTensors;
import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.AttachContext;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Companion;
import dev.graft.spi.method.KeyValues;
import dev.graft.spi.method.MethodProvider;
import dev.graft.spi.method.ModelView;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Part;
import dev.graft.spi.method.Variable;
import dev.graft.spi.model.LinearSite;
import dev.graft.spi.model.Site;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.Initializer;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Scope;
import dev.graft.spi.tensor.Tensor;
import dev.graft.spi.tensor.Tensors;
import dev.graft.spi.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** Attaches methods to models: gives parameters their memory, and stored adapters their values. */
public final class AdapterBuilder {
    /**
     * Everything around an attachment but the method and its configuration.
     *
     * @param name the adapter's name
     * @param random numbers for initial values
     * @param dtype element type of parameters
     * @param tokenizer the base model's, or null
     * @param stored stored tensors by their names on disk; null for a new adapter
     * @param source what the stored tensors were read from, for messages
     * @param below what is attached before it, on whose inner layers it may act and whose parameters it may look at
     * @param parts what it is built upon; taken over
     * @param task of the model that a stored adapter was made for; null = that of the model. One that was not made for a
     *     model that classifies brings no head
     */
    public record Setting(
            String name,
            RandomStream random,
            DType dtype,
            Tokenizer tokenizer,
            Map<String, Array> stored,
            String source,
            List<AttachedAdapter> below,
            List<AttachedAdapter> parts,
            Task task) {
        /** Copies the lists. */
        public Setting {
            below = List.copyOf(below);
            parts = List.copyOf(parts);
        }

        /** An adapter that stands alone. */
        public Setting(
                String name,
                RandomStream random,
                DType dtype,
                Tokenizer tokenizer,
                Map<String, Array> stored,
                String source) {
            this(name, random, dtype, tokenizer, stored, source, List.of(), List.of(), null);
        }

        /** The same upon other attachments. */
        public Setting over(List<AttachedAdapter> newBelow, List<AttachedAdapter> newParts) {
            return new Setting(name, random, dtype, tokenizer, stored, source, newBelow, newParts, task);
        }

        /** The same with a tokenizer, or none if null. */
        public Setting with(Tokenizer newTokenizer) {
            return new Setting(name, random, dtype, newTokenizer, stored, source, below, parts, task);
        }

        /** The same of a stored adapter that was made for a model of that task, or of an unknown one if null. */
        public Setting madeFor(Task newTask) {
            return new Setting(name, random, dtype, tokenizer, stored, source, below, parts, newTask);
        }

        /** A new adapter with single-precision parameters. */
        public static Setting fresh(String name, long seed) {
            return new Setting(name, RandomStream.seeded(seed).fork(name), DType.FLOAT32, null, null, "");
        }

        /** An adapter out of stored tensors, which stay the caller's. */
        public static Setting stored(String name, Map<String, Array> stored, String source) {
            return new Setting(name, RandomStream.seeded(0), DType.FLOAT32, null, stored, source);
        }
    }

    private AdapterBuilder() {}

    /**
     * Attaches a method.
     *
     * @throws ConfigurationException if configuration, model and stored tensors do not fit together
     */
    public static <C extends Record> AttachedAdapter attach(
            LoadedModel model, MethodProvider<C> provider, C configuration, Setting setting) {
        Origin origin = new Origin(provider.id(), provider.version(), configuration);
        return attach(
                        model,
                        origin,
                        (view, context) -> Optional.of(provider.attach(view, configuration, context)),
                        setting)
                .orElseThrow();
    }

    /**
     * What made an attachment.
     *
     * @param id its plugin's id
     * @param version its plugin's version
     * @param configuration its configuration
     */
    public record Origin(String id, String version, Record configuration) {}

    /**
     * Attaches whatever is made of a model and a context.
     *
     * @param origin what makes it
     * @param maker makes it; empty where there is nothing to attach
     * @throws ConfigurationException if configuration, model and stored tensors do not fit together
     */
    public static Optional<AttachedAdapter> attach(
            LoadedModel model,
            Origin origin,
            BiFunction<ModelView, AttachContext, Optional<Attachment>> maker,
            Setting setting) {
        Building building = new Building(model, setting);
        try (Scope scope = model.tensors().scope()) {
            setting.parts().forEach(AttachedAdapter::freeze);
            Optional<Attachment> made = maker.apply(view(model, setting), building);
            building.checkAllUsed();
            return made.map(attachment -> new AttachedAdapter(
                    setting.name(),
                    origin.id(),
                    origin.version(),
                    origin.configuration(),
                    view(model, setting).description().task(),
                    attachment,
                    setting.parts(),
                    building.buffers,
                    building.variables,
                    building.ignored,
                    building.absent,
                    building.owned));
        } catch (RuntimeException e) {
            building.owned.forEach(Array::close);
            setting.parts().forEach(AttachedAdapter::release);
            throw e;
        }
    }

    /**
     * The model with the layers inside the attachments below; without its head for an adapter that was made for a model that does
     * not classify.
     */
    private static ModelView view(LoadedModel model, Setting setting) {
        Task made = setting.task();
        boolean headless = classifies(model.description().task()) && made != null && !classifies(made);
        List<Site> sites = new ArrayList<>(model.view().sites());
        sites.removeIf(site -> headless && site instanceof LinearSite linear && linear.role() == LinearSite.Role.HEAD);
        setting.below().forEach(adapter -> sites.addAll(adapter.attachment().sites()));
        return new ModelView(headless ? model.description().forTask(made) : model.description(), sites);
    }

    private static boolean classifies(Task task) {
        return task == Task.SEQ_CLS || task == Task.TOKEN_CLS;
    }

    private static final class Building implements AttachContext {
        private final LoadedModel model;
        private final GraftTensors tensors;
        private final Setting setting;
        private final Map<String, Tensor> buffers = new LinkedHashMap<>();
        private final Map<String, OwnedVariable> variables = new LinkedHashMap<>();
        private final List<Array> owned = new ArrayList<>();
        private final Set<String> used = new LinkedHashSet<>();
        private final Set<String> ignored = new LinkedHashSet<>();
        private final Set<String> absent = new LinkedHashSet<>();

        Building(LoadedModel model, Setting setting) {
            this.model = model;
            this.tensors = model.tensors();
            this.setting = setting;
        }

        @Override
        public Tensors tensors() {
            return tensors;
        }

        @Override
        public String name() {
            return setting.name();
        }

        @Override
        public List<Part> parts() {
            return setting.parts().stream()
                    .map(part -> new Part(part.name(), part.method(), part.attachment()))
                    .toList();
        }

        @Override
        public List<Companion> companions() {
            return setting.below().stream()
                    .filter(AttachedAdapter::learns)
                    .map(adapter -> new Companion(adapter.name(), adapter.method(), adapter.attachment()))
                    .toList();
        }

        @Override
        public RandomStream random() {
            return setting.random();
        }

        @Override
        public DType dtype() {
            return setting.dtype();
        }

        @Override
        public Optional<Tokenizer> tokenizer() {
            return Optional.ofNullable(setting.tokenizer());
        }

        @Override
        public Map<String, KeyValues> keyValues(int[] ids) {
            return BaseKeyValues.of(model, ids);
        }

        @Override
        public boolean loading() {
            return setting.stored() != null;
        }

        @Override
        public boolean stored(String name) {
            return loading() && setting.stored().containsKey(name);
        }

        @Override
        public Tensor take(String name, Shape shape) {
            return tensors.constant(own(stored(name, shape)));
        }

        @Override
        public Tensor read(String name) {
            Array array = setting.stored() == null ? null : setting.stored().get(name);
            if (array == null) {
                throw missing(name);
            }
            used.add(name);
            return tensors.wrap(tensors.engine().copy(array));
        }

        @Override
        public Parameter parameter(ParameterSpec spec) {
            boolean required = loading() && spec.storage() == ParameterSpec.Storage.REQUIRED;
            if (loading() && !stored(spec.name())) {
                absent.add(spec.name());
            }
            Array value = required || stored(spec.name())
                    ? floating(spec.name(), spec.shape())
                    : initial(spec.shape(), setting.dtype(), spec.initializer());
            Array array = own(value);
            return new OwnedParameter(spec, tensors.engine(), array, tensors.leaf(array), tensors.constant(array));
        }

        @Override
        public Tensor buffer(String name, Shape shape, Initializer initializer) {
            Tensor buffer = tensors.constant(
                    own(loading() ? stored(name, shape) : initial(shape, setting.dtype(), initializer)));
            buffers.put(name, buffer);
            return buffer;
        }

        @Override
        public Variable variable(
                String name, Shape shape, DType dtype, Initializer initializer, ParameterSpec.Storage storage) {
            boolean required = loading() && storage == ParameterSpec.Storage.REQUIRED;
            Array array =
                    own(required || stored(name) ? typed(name, shape, dtype) : initial(shape, dtype, initializer));
            OwnedVariable variable = new OwnedVariable(name, storage, tensors.engine(), array, tensors.constant(array));
            variables.put(name, variable);
            return variable;
        }

        private Array typed(String name, Shape shape, DType dtype) {
            Array array = stored(name, shape);
            if (array.dtype() == dtype) {
                return array;
            }
            try (array) {
                return tensors.engine().cast(array, dtype);
            }
        }

        @Override
        public Tensor retain(Tensor tensor) {
            return tensors.constant(own(tensors.engine().copy(((ArrayTensor) tensor).array())));
        }

        @Override
        public void ignore(String name) {
            ignored.add(name);
        }

        void checkAllUsed() {
            if (!loading()) {
                return;
            }
            Set<String> unused = new LinkedHashSet<>(setting.stored().keySet());
            unused.removeAll(used);
            unused.removeAll(ignored);
            if (!unused.isEmpty()) {
                throw new ConfigurationException(setting.source() + " holds "
                        + (unused.size() == 1 ? "a tensor" : unused.size() + " tensors")
                        + " that this configuration has no use for on this model, such as '"
                        + unused.iterator().next() + "'");
            }
        }

        private ConfigurationException missing(String name) {
            return new ConfigurationException(
                    setting.source() + " lacks tensor '" + name + "', which its configuration asks for on this model");
        }

        private Array floating(String name, Shape shape) {
            Array array = stored(name, shape);
            if (!array.dtype().isFloating()) {
                array.close();
                throw new ConfigurationException(setting.source() + ": tensor '" + name + "' holds elements of type "
                        + array.dtype().safetensorsName() + " where a parameter must hold floating-point numbers");
            }
            return array;
        }

        private Array stored(String name, Shape shape) {
            Array array = setting.stored().get(name);
            if (array == null) {
                throw missing(name);
            }
            if (!array.shape().equals(shape)) {
                throw new ConfigurationException(setting.source() + ": tensor '" + name + "' has shape " + array.shape()
                        + " where configuration and model ask for " + shape);
            }
            used.add(name);
            return array.dtype().isFloating() && array.dtype() != setting.dtype()
                    ? tensors.engine().cast(array, setting.dtype())
                    : tensors.engine().copy(array);
        }

        private Array initial(Shape shape, DType dtype, Initializer initializer) {
            try (Scope scope = tensors.scope()) {
                Tensor value = initializer.create(tensors, shape, dtype, setting.random());
                return tensors.engine().copy(((ArrayTensor) value).array());
            }
        }

        private Array own(Array array) {
            owned.add(array);
            return array;
        }
    }
}
