package dev.graft.tck;

import dev.graft.spi.quantizer.QuantizerProvider;
import dev.graft.tck.bench.AbsMax;
import dev.graft.tck.junit.QuantizerVerification;
import dev.graft.tck.quantizer.QuantizerDeclaration;
import dev.graft.tck.quantizer.QuantizerDeclaration.Scales;
import dev.graft.tck.quantizer.QuantizerDeclaration.Tried;
import java.util.List;
import java.util.Map;

class AbsMaxVerificationTest extends QuantizerVerification {
    @Override
    protected QuantizerProvider<?> quantizer() {
        return new AbsMax();
    }

    /** Half the distance of two codes: the largest number of a row is code 127, or code 7 of four bits. */
    @Override
    protected QuantizerDeclaration declaration() {
        return new QuantizerDeclaration(List.of(
                new Tried(Map.of(), 0.5 / 127, Scales.ROW, 1, List.of()),
                new Tried(Map.of("bits", 4), 0.5 / 7, Scales.ROW, 1, List.of())));
    }
}
