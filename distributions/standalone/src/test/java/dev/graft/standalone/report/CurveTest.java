package dev.graft.standalone.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CurveTest {
    private static JsonNode line(String json) throws IOException {
        return new ObjectMapper().readTree(json);
    }

    @Test
    void figuresAreFoundByTheirNames() throws IOException {
        Curve curve = Curve.of(
                "run",
                List.of(
                        line("{\"step\":1,\"loss\":3.5,\"learning_rate\":0.001}"),
                        line("{\"step\":2,\"eval_loss\":3.25}"),
                        line("{\"step\":3,\"loss\":\"NaN\",\"learning_rate\":0.0005}")));

        assertThat(curve.train()).containsExactly(new Point(1, 3.5));
        assertThat(curve.evaluation()).containsExactly(new Point(2, 3.25));
        assertThat(curve.learningRate()).containsExactly(new Point(1, 0.001), new Point(3, 0.0005));
    }

    @Test
    void smoothingKeepsAConstantAndDampsNoise() {
        List<Point> noisy = IntStream.range(0, 1000)
                .mapToObj(step -> new Point(step, step % 2 == 0 ? 1 : 3))
                .toList();
        List<Point> constant =
                IntStream.range(0, 1000).mapToObj(step -> new Point(step, 2)).toList();

        assertThat(new Curve("", "loss", constant, List.of(), List.of()).smoothed())
                .allSatisfy(point -> assertThat(point.value()).isCloseTo(2, within(1e-9)));
        assertThat(new Curve("", "loss", noisy, List.of(), List.of()).smoothed().subList(50, 950))
                .allSatisfy(point -> assertThat(point.value()).isCloseTo(2, within(0.1)));
    }

    @Test
    void aShortRunIsNotSmoothed() {
        List<Point> points = List.of(new Point(1, 5), new Point(2, 3));

        assertThat(new Curve("", "loss", points, List.of(), List.of()).smoothed())
                .isEqualTo(points);
    }
}
