package dev.graft.tck.scorer;

import dev.graft.spi.scorer.Answer;
import dev.graft.spi.scorer.Scorer;
import dev.graft.tck.rule.Expect;
import dev.graft.tck.rule.NotApplicable;
import dev.graft.tck.rule.Threads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/** What scorers say of answers, and what they leave behind. */
final class ScorerChecks {
    private static final double SAME = 1e-5;
    private static final int THREADS = 3;
    private static final String LONG = "on and on it goes and ".repeat(40);

    private ScorerChecks() {}

    /** Something done with a scorer whose service, if it asks one, is there. */
    private interface Work {
        void with(Scorer scorer, List<Answer> answers) throws Exception;
    }

    /** Does it; of a scorer whose service is not there, asks that scoring is refused in one sentence. */
    private static void online(ScorerTrial<?> trial, Work work) throws Exception {
        if (!trial.online()) {
            Expect.refused(() -> score(trial, trial.tried().keys()), "scoring without what is asked");
            return;
        }
        try (Scorer scorer = trial.scorer()) {
            work.with(scorer, trial.answers());
        }
    }

    private static void score(ScorerTrial<?> trial, Map<String, Object> keys) {
        try (Scorer scorer = trial.scorer(keys)) {
            scorer.score(trial.answers());
        }
    }

    static void finite(ScorerTrial<?> trial) throws Exception {
        online(trial, (scorer, answers) -> finite(scorer.score(answers), answers));
    }

    private static void finite(double[] scores, List<Answer> answers) {
        Expect.equal(scores.length, answers.size(), "the number of scores");
        for (int i = 0; i < scores.length; i++) {
            Expect.that(
                    Double.isFinite(scores[i]),
                    "the score of '" + answers.get(i).text() + "' is " + scores[i]);
        }
    }

    static void nothing(ScorerTrial<?> trial) throws Exception {
        if (!trial.online()) {
            throw new NotApplicable("what it asks is not there");
        }
        try (Scorer scorer = trial.scorer()) {
            Expect.equal(scorer.score(List.of()).length, 0, "the number of scores of no answers");
        }
    }

    static void repeatable(ScorerTrial<?> trial) throws Exception {
        online(trial, (scorer, answers) -> {
            double[] once = scorer.score(answers);
            same(scorer.score(answers), once, 0, "the second time");
            try (Scorer other = trial.scorer()) {
                same(other.score(answers), once, 0, "by another scorer of the same configuration");
            }
        });
    }

    private static void same(double[] found, double[] expected, double tolerance, String when) {
        Expect.equal(found.length, expected.length, "the number of scores " + when);
        for (int i = 0; i < expected.length; i++) {
            Expect.that(
                    Math.abs(found[i] - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i])),
                    "the score of answer " + i + " is " + found[i] + " " + when + ", and was " + expected[i]);
        }
    }

    static void mates(ScorerTrial<?> trial) throws Exception {
        online(trial, (scorer, answers) -> {
            double[] scores = scorer.score(answers);
            List<Answer> turned = new ArrayList<>(answers);
            Collections.reverse(turned);
            double[] found = scorer.score(turned);
            Expect.equal(found.length, scores.length, "the number of scores of answers in another order");
            double[] back = new double[found.length];
            double[] alone = new double[found.length];
            for (int i = 0; i < back.length; i++) {
                back[i] = found[found.length - 1 - i];
                alone[i] = scorer.score(List.of(answers.get(i)))[0];
            }
            same(back, scores, SAME, "in another order");
            same(alone, scores, SAME, "alone");
        });
    }

    static void answersStay(ScorerTrial<?> trial) throws Exception {
        online(trial, (scorer, answers) -> {
            List<Answer> given = new ArrayList<>();
            for (Answer answer : answers) {
                given.add(new Answer(
                        answer.prompt(),
                        answer.text(),
                        answer.ids().clone(),
                        answer.start(),
                        new LinkedHashMap<>(answer.fields())));
            }
            scorer.score(given);
            Expect.equal(given.size(), answers.size(), "the number of answers after they were scored");
            for (int i = 0; i < answers.size(); i++) {
                Expect.equal(
                        Arrays.toString(given.get(i).ids()),
                        Arrays.toString(answers.get(i).ids()),
                        "the tokens of an answer after it was scored");
                Expect.equal(
                        given.get(i).fields(), answers.get(i).fields(), "the columns of an answer after it was scored");
            }
        });
    }

    static void refused(ScorerTrial<?> trial) throws Exception {
        if (trial.declaration().refused().isEmpty()) {
            throw new NotApplicable("no configuration is declared to be refused");
        }
        score(trial);
        long before = trial.bench().engine().liveArrays();
        for (Map<String, Object> keys : trial.declaration().refused()) {
            Expect.refused(() -> score(trial, keys), "a scorer with " + keys);
            Expect.equal(trial.bench().engine().liveArrays(), before, "arrays alive after " + keys + " was refused");
        }
    }

    /** Has the bench's models written, so that what is alive afterwards is the scorer's. */
    private static void score(ScorerTrial<?> trial) {
        if (trial.online()) {
            score(trial, trial.tried().keys());
        }
    }

    static void closes(ScorerTrial<?> trial) throws Exception {
        score(trial);
        long before = trial.bench().engine().liveArrays();
        Set<Thread> running = lasting();
        Scorer scorer = trial.scorer();
        if (trial.online()) {
            scorer.score(trial.answers());
        }
        scorer.close();
        scorer.close();
        Expect.equal(trial.bench().engine().liveArrays(), before, "arrays alive after a scorer was closed");
        Set<Thread> left = lasting();
        left.removeAll(running);
        Expect.that(left.isEmpty(), "threads that keep the program alive after a scorer was closed: " + left);
    }

    /** Threads that keep the program alive. */
    private static Set<Thread> lasting() {
        Set<Thread> lasting = new HashSet<>(Thread.getAllStackTraces().keySet());
        lasting.removeIf(Thread::isDaemon);
        return lasting;
    }

    static void threads(ScorerTrial<?> trial) throws Exception {
        online(trial, (scorer, answers) -> {
            double[] alone = scorer.score(answers);
            List<Callable<Void>> runs = new ArrayList<>();
            List<Scorer> own = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                Scorer another = trial.scorer();
                own.add(another);
                runs.add(() -> {
                    for (int round = 0; round < 5; round++) {
                        same(another.score(answers), alone, 0, "in one of several threads");
                    }
                    return null;
                });
            }
            try {
                Threads.together(runs);
            } finally {
                own.forEach(Scorer::close);
            }
        });
    }

    static void empty(ScorerTrial<?> trial) throws Exception {
        online(trial, (scorer, answers) -> {
            Answer first = answers.get(0);
            List<Answer> with = new ArrayList<>(answers);
            with.add(ScorerTrial.answer(first.prompt(), "", first.fields()));
            finite(scorer.score(with), with);
        });
    }

    static void overlong(ScorerTrial<?> trial) throws Exception {
        online(trial, (scorer, answers) -> {
            Answer first = answers.get(0);
            List<Answer> with = List.of(first, ScorerTrial.answer(first.prompt(), LONG, first.fields()));
            Expect.refusal(() -> finite(scorer.score(with), with));
            finite(scorer.score(answers), answers);
        });
    }
}
