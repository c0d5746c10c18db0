package dev.graft.standalone.train;

import dev.graft.kernel.train.Trainer;
import dev.graft.kernel.train.TrainingEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;

/** A training in a process of its own, which tells of its checkpoints and can be killed. */
final class ForkedRun {
    private static final String SAVED = "saved ";

    private ForkedRun() {}

    /** Begins the run, or goes on with it: {@code train <directory> <output> <change>...} or {@code resume <output>}. */
    public static void main(String[] arguments) {
        Trainer trainer = SmallRun.trainer();
        Flux<TrainingEvent> events = arguments[0].equals("train")
                ? trainer.train(new SmallRun(Path.of(arguments[1]))
                        .recipe(
                                arguments[2],
                                List.of(arguments).subList(3, arguments.length).toArray(String[]::new)))
                : trainer.resume(Path.of(arguments[1]));
        events.doOnNext(event -> {
                    if (event instanceof TrainingEvent.Saved saved) {
                        System.out.println(SAVED + saved.step());
                    }
                })
                .blockLast();
    }

    /**
     * Runs it until it has told of some checkpoints, and kills it then, in whatever it is doing.
     *
     * @return the exit code and the step of the last checkpoint it told of
     */
    static long[] killedAfter(int checkpoints, String... arguments) throws IOException, InterruptedException {
        Process process = process(arguments);
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            long step = -1;
            int told = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(SAVED)) {
                    step = Long.parseLong(line.substring(SAVED.length()));
                    if (++told == checkpoints) {
                        break;
                    }
                }
            }
            return new long[] {process.destroyForcibly().waitFor(), step};
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process process(String... arguments) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-cp",
                classPath,
                ForkedRun.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
