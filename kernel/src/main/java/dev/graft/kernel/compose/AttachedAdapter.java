package dev.graft.kernel.compose;

import dev.graft.spi.engine.Array;
import dev.graft.spi.method.Attachment;
import dev.graft.spi.method.Parameter;
import dev.graft.spi.method.ParameterSpec;
import dev.graft.spi.method.Patches;
import dev.graft.spi.method.Variable;
import dev.graft.spi.model.Task;
import dev.graft.spi.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An attachment with its memory. Reference counted: it starts with one reference, everybody who runs it takes another
 * for as long, and the memory is freed with the last.
 */
public final class AttachedAdapter {
    private final String name;
    private final String method;
    private final String version;
    private final Record configuration;
    private final Task task;
    private final Attachment attachment;
    private final Patches patches;
    private final List<AttachedAdapter> parts;
    private final Map<String, Tensor> buffers;
    private final Map<String, OwnedVariable> variables;
    private final Set<String> ignored;
    private final Set<String> absent;
    private final List<Array> owned;
    private final AtomicInteger references = new AtomicInteger(1);
    private volatile boolean learns = true;

    AttachedAdapter(
            String name,
            String method,
            String version,
            Record configuration,
            Task task,
            Attachment attachment,
            List<AttachedAdapter> parts,
            Map<String, Tensor> buffers,
            Map<String, OwnedVariable> variables,
            Set<String> ignored,
            Set<String> absent,
            List<Array> owned) {
        this.name = name;
        this.method = method;
        this.version = version;
        this.configuration = configuration;
        this.task = task;
        this.attachment = attachment;
        this.patches = attachment.patches();
        this.parts = List.copyOf(parts);
        this.buffers = Map.copyOf(buffers);
        this.variables = Map.copyOf(variables);
        this.ignored = Set.copyOf(ignored);
        this.absent = Set.copyOf(absent);
        this.owned = List.copyOf(owned);
    }

    /** The name it was given, unique in its program. */
    public String name() {
        return name;
    }

    /** Id of the method that made it. */
    public String method() {
        return method;
    }

    /** Version of that method. */
    public String version() {
        return version;
    }

    /** The method's configuration. */
    public Record configuration() {
        return configuration;
    }

    /** The task of the model it was made for, which may be another than that of the model it is attached to. */
    public Task task() {
        return task;
    }

    /** What the method made. */
    public Attachment attachment() {
        return attachment;
    }

    /** Saved tensors that are not trained, by their names on disk. */
    public Map<String, Tensor> buffers() {
        return buffers;
    }

    /** Tensors that the attachment changes itself, by name. */
    public Map<String, Variable> variables() {
        return Map.copyOf(variables);
    }

    /** Where the value of one of its variables is kept. */
    public ParameterSpec.Storage storage(Variable variable) {
        return ((OwnedVariable) variable).storage();
    }

    /** The memory of one of its variables. */
    public Array array(Variable variable) {
        return ((OwnedVariable) variable).array();
    }

    /** What it is built upon; freed with it. */
    public List<AttachedAdapter> parts() {
        return parts;
    }

    /** Freezes every parameter for good, so that it takes part in a run without learning. */
    public void freeze() {
        learns = false;
        attachment.parameters().forEach(parameter -> freeze(parameter, true));
        parts.forEach(AttachedAdapter::freeze);
    }

    /** Whether it takes part in training. */
    public boolean learns() {
        return learns;
    }

    /** Names on disk that its method declared irrelevant, for instance of copies of base weights. */
    public Set<String> ignored() {
        return ignored;
    }

    /** Names of parameters that the files it was loaded from lack; they have the values they begin with until it learns. */
    public Set<String> absent() {
        return absent;
    }

    /** Freezes one of its parameters, or lets it learn again. */
    public void freeze(Parameter parameter, boolean frozen) {
        ((OwnedParameter) parameter).freeze(frozen);
    }

    /** The memory of one of its parameters, which the optimizer changes in place. */
    public Array array(Parameter parameter) {
        return ((OwnedParameter) parameter).array();
    }

    Patches patches() {
        return patches;
    }

    /**
     * Takes a reference.
     *
     * @throws IllegalStateException if the memory was freed already
     */
    public AttachedAdapter retain() {
        int now = references.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        if (now == 0) {
            throw new IllegalStateException("adapter '" + name + "' was released already");
        }
        return this;
    }

    /**
     * Gives a reference back; the last one frees the memory.
     *
     * @throws IllegalStateException if none is left
     */
    public void release() {
        int before = references.getAndUpdate(count -> count == 0 ? 0 : count - 1);
        if (before == 0) {
            throw new IllegalStateException("adapter '" + name + "' was released more often than retained");
        }
        if (before == 1) {
            owned.forEach(Array::close);
            parts.forEach(AttachedAdapter::release);
        }
    }

    /** Number of references. */
    public int references() {
        return references.get();
    }

    @Override
    public String toString() {
        return name + " (" + method + ")";
    }
}
