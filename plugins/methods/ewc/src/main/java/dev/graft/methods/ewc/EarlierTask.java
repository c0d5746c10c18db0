package dev.graft.methods.ewc;

import dev.graft.spi.method.AttachContext;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a task that was learned before, parameter by parameter.
 *
 * @param held the parameters
 */
record EarlierTask(List<Held> held) {
    /**
     * One parameter.
     *
     * @param watched the parameter
     * @param fisher the diagonal of its Fisher information, in its shape
     * @param anchor the value it had when the task had been learned
     */
    record Held(Watched watched, Tensor fisher, Tensor anchor) {
        /** {@code sum F (theta - theta*)^2}, a scalar. */
        Tensor pull() {
            return watched.parameter().tensor().sub(anchor).square().mul(fisher).sum();
        }
    }

    /** What the adapter's files hold, in the order in which the tasks were learned. */
    static List<EarlierTask> stored(AttachContext context, List<Watched> watched) {
        List<EarlierTask> tasks = new ArrayList<>();
        while (true) {
            int number = tasks.size();
            List<Held> held = watched.stream()
                    .filter(one -> context.stored(fisherName(number, one)))
                    .map(one -> take(context, number, one))
                    .toList();
            if (held.isEmpty()) {
                return List.copyOf(tasks);
            }
            tasks.add(new EarlierTask(held));
        }
    }

    private static Held take(AttachContext context, int number, Watched one) {
        return new Held(
                one,
                context.take(fisherName(number, one), one.parameter().spec().shape()),
                context.take(anchorName(number, one), one.parameter().spec().shape()));
    }

    /** Name on disk of the Fisher information of a parameter. */
    static String fisherName(int task, Watched watched) {
        return "task." + task + ".fisher." + watched.name();
    }

    /** Name on disk of the value that a parameter is held to. */
    static String anchorName(int task, Watched watched) {
        return "task." + task + ".anchor." + watched.name();
    }

    /** What is known of one parameter, where the task had it. */
    Optional<Held> find(Watched watched) {
        return held.stream().filter(one -> one.watched().equals(watched)).findFirst();
    }

    /** {@code sum F (theta - theta*)^2} over all parameters; empty where there are none. */
    Optional<Tensor> pull() {
        return held.stream().map(Held::pull).reduce(Tensor::add);
    }
}
