package dev.graft.methods.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.spi.config.ConfigurationException;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Shape;
import dev.graft.spi.method.ElementChoice;
import dev.graft.spi.method.TargetedParameters;
import dev.graft.spi.method.TargetedParameters.Target;
import dev.graft.spi.model.Weight;
import dev.graft.spi.tensor.RandomStream;
import dev.graft.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ElementChoiceTest {
    /** An element by its parameter and its place there. */
    private record Element(int parameter, int place, float score) {}

    @Property(tries = 300)
    void theLargestAreThoseThatSortingPutsFirst(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 40) Integer> sizes,
            @ForAll @IntRange(min = 1, max = 8) int levels,
            @ForAll @LongRange(max = 1000) long seed) {
        RandomStream random = RandomStream.seeded(seed);
        List<float[]> scores = new ArrayList<>();
        List<Element> all = new ArrayList<>();
        for (int parameter = 0; parameter < sizes.size(); parameter++) {
            float[] own = new float[sizes.get(parameter)];
            for (int place = 0; place < own.length; place++) {
                own[place] = Math.scalb((float) random.nextInt(levels), random.nextInt(levels) * 9 - 40);
                all.add(new Element(parameter, place, own[place]));
            }
            scores.add(own);
        }
        int count = 1 + random.nextInt(all.size());

        ElementChoice choice = ElementChoice.largest(targets(sizes), count, scores::get);

        assertThat(elements(choice, scores))
                .containsExactlyElementsOf(all.stream()
                        .sorted(Comparator.comparing((Element element) -> -element.score()))
                        .limit(count)
                        .sorted(Comparator.comparing(Element::parameter).thenComparing(Element::place))
                        .toList());
    }

    @Property(tries = 100)
    void randomElementsAreExactlyAsManyAsAskedForAndRise(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 40) Integer> sizes,
            @ForAll @LongRange(max = 1000) long seed) {
        RandomStream random = RandomStream.seeded(seed);
        int total = sizes.stream().mapToInt(Integer::intValue).sum();
        int count = 1 + random.nextInt(total);

        ElementChoice choice = ElementChoice.random(targets(sizes), count, random);

        assertThat(choice.indices()).hasSize(count);
        assertThat(choice.bounds()[sizes.size()]).isEqualTo(count);
        for (int parameter = 0; parameter < sizes.size(); parameter++) {
            long[] own = part(choice, parameter);
            assertThat(own).isSorted().doesNotHaveDuplicates();
            int size = sizes.get(parameter);
            assertThat(Arrays.stream(own)).allMatch(index -> index >= 0 && index < size);
        }
    }

    @Test
    void everyElementIsDrawnAboutAsOftenAsAnyOther() {
        List<Integer> sizes = List.of(3, 7);
        int[] drawn = new int[10];
        RandomStream random = RandomStream.seeded(1);
        for (int i = 0; i < 4000; i++) {
            ElementChoice choice = ElementChoice.random(targets(sizes), 3, random);
            for (long index : part(choice, 0)) {
                drawn[(int) index]++;
            }
            for (long index : part(choice, 1)) {
                drawn[3 + (int) index]++;
            }
        }
        assertThat(Arrays.stream(drawn)).allMatch(times -> Math.abs(times - 1200) < 150);
    }

    @Test
    void whatIsNoNumberCannotBeRanked() {
        assertThatThrownBy(() -> ElementChoice.largest(targets(List.of(2)), 1, parameter -> new float[] {1, Float.NaN}))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("elements of weight0 cannot be ranked");
    }

    private static long[] part(ElementChoice choice, int parameter) {
        return Arrays.copyOfRange(
                choice.indices(), (int) choice.bounds()[parameter], (int) choice.bounds()[parameter + 1]);
    }

    private static List<Element> elements(ElementChoice choice, List<float[]> scores) {
        List<Element> elements = new ArrayList<>();
        for (int parameter = 0; parameter < scores.size(); parameter++) {
            for (long index : part(choice, parameter)) {
                elements.add(new Element(parameter, (int) index, scores.get(parameter)[(int) index]));
            }
        }
        return elements;
    }

    private static TargetedParameters targets(List<Integer> sizes) {
        return new TargetedParameters(IntStream.range(0, sizes.size())
                .mapToObj(i -> new Target(new Named("weight" + i, Shape.of(sizes.get(i))), 0))
                .toList());
    }

    private record Named(String name, Shape shape) implements Weight {
        @Override
        public DType dtype() {
            return DType.FLOAT32;
        }

        @Override
        public boolean fresh() {
            return false;
        }

        @Override
        public Tensor tensor() {
            throw new UnsupportedOperationException("a weight without values");
        }
    }
}
