package dev.graft.tck.rule;

import java.util.List;
import java.util.stream.Stream;

/**
 * The rules for one side of a plugin, each with its check.
 *
 * @param number number of the chapter
 * @param title what it is about
 * @param articles the rules in order
 * @param <S> what is held to them
 */
public record Chapter<S>(int number, String title, List<Article<S>> articles) {
    /**
     * A rule with its check.
     *
     * @param rule the rule
     * @param check tells whether it holds
     */
    public record Article<S>(Rule rule, Check<S> check) {}

    /** Checks that numbers rise. */
    public Chapter {
        articles = List.copyOf(articles);
        String before = "";
        for (Article<S> article : articles) {
            String next = article.rule().number();
            if (article.rule().chapter() != number || next.compareTo(before) <= 0) {
                throw new IllegalArgumentException("rule " + next + " is out of place in chapter " + number);
            }
            before = next;
        }
    }

    /** A rule with its check. */
    public static <S> Article<S> article(Rule rule, Check<S> check) {
        return new Article<>(rule, check);
    }

    /** The rules. */
    public Stream<Rule> rules() {
        return articles.stream().map(Article::rule);
    }
}
