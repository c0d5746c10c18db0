package dev.graft.kernel.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.graft.spi.engine.Array;
import dev.graft.spi.engine.DType;
import dev.graft.spi.engine.Engine;
import dev.graft.spi.engine.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.invocation.InvocationOnMock;

class EngineArraysTest {
    private final Engine engine = mock(Engine.class);
    private final Array array = mock(Array.class);
    private final ByteBuffer native32 = ByteBuffer.allocate(40 << 20);

    @TempDir
    Path folder;

    @Test
    void anArrayIsReadInPiecesThatTogetherAreItsElements() {
        long bytes = native32.capacity();
        when(array.shape()).thenReturn(Shape.of(bytes / 4));
        when(array.dtype()).thenReturn(DType.FLOAT32);
        when(array.bytes()).thenReturn(bytes);
        native32.putInt(0, 7).putInt((int) bytes - 4, 9);
        doAnswer(this::read).when(engine).read(eq(array), anyLong(), any());

        TensorData data = EngineArrays.data(engine, array);

        assertThat(data.shape()).isEqualTo(Shape.of(bytes / 4));
        assertThat(data.gather()).isEqualTo(native32.duplicate().clear());
    }

    @Test
    void aTensorOfSeveralPiecesIsCopiedToConsecutiveOffsets() {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, Map.of("w", TensorData.of(Shape.of(4), 1, 2, 3, 4)));
        when(engine.empty(Shape.of(4), DType.FLOAT32)).thenReturn(array);
        doAnswer(call -> {
                    ByteBuffer piece = call.getArgument(2);
                    native32.duplicate()
                            .position((int) (long) call.getArgument(1))
                            .put(piece);
                    return null;
                })
                .when(engine)
                .write(eq(array), anyLong(), any());

        try (SafetensorsFile pieces = SafetensorsFile.open(file, 8)) {
            assertThat(EngineArrays.share(engine, pieces.tensor("w"))).isSameAs(array);
        }

        ByteBuffer written = native32.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(new float[] {written.getFloat(), written.getFloat(), written.getFloat(), written.getFloat()})
                .containsExactly(1, 2, 3, 4);
    }

    @Test
    void mappedMemoryIsSharedWithTheEngine() {
        Path file = folder.resolve("a.safetensors");
        SafetensorsWriter.write(file, Map.of("w", TensorData.of(Shape.of(4), 1, 2, 3, 4)));
        when(engine.wrap(any(), eq(Shape.of(4)), eq(DType.FLOAT32))).thenReturn(array);

        try (SafetensorsFile mapped = SafetensorsFile.open(file)) {
            assertThat(EngineArrays.share(engine, mapped.tensor("w"))).isSameAs(array);
        }

        verify(engine, never()).empty(any(), any());
    }

    @Test
    void memoryThatElementsCannotBeReadFromIsCopied() {
        Path file = RawFile.write(
                folder, "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}      ".strip() + " ", 4);
        assertThat(SafetensorsHeader.read(file).dataStart() % 4).isNotZero();
        when(engine.empty(Shape.of(1), DType.FLOAT32)).thenReturn(array);

        try (SafetensorsFile odd = SafetensorsFile.open(file)) {
            assertThat(EngineArrays.share(engine, odd.tensor("w"))).isSameAs(array);
        }

        verify(engine, never()).wrap(any(), any(), any());
    }

    @Test
    void anArrayIsNotLeakedWhenItsElementsCannotBeRead() {
        when(engine.empty(any(), any())).thenReturn(array);
        doThrow(new IllegalStateException("device lost")).when(engine).write(any(), anyLong(), any());

        assertThatThrownBy(() -> EngineArrays.copy(engine, TensorData.of(Shape.of(1), 1)))
                .hasMessage("device lost");
        verify(array).close();
    }

    private Object read(InvocationOnMock call) {
        ByteBuffer target = call.getArgument(2);
        target.put(native32.slice((int) (long) call.getArgument(1), target.remaining()));
        return null;
    }
}
