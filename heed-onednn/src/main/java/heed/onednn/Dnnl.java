package heed.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import heed.kernel.EngineUnavailableException;
import heed.kernel.WeightType;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The functions of oneDNN's C interface that products need (`oneapi/dnnl/dnnl.h`), and the numbers of its
/// enumerations. Used only after [NativeLibrary#load] has succeeded.
///
/// What a function creates is destroyed with the arena that it was created in. No function here starts threads:
/// each tells OpenMP that the calling thread works alone before it enters oneDNN.
@SuppressWarnings("restricted") // calling native code is what this module is for
final class Dnnl {
    // dnnl_data_type_t
    static final int BF16 = 2;
    static final int F32 = 3;
    static final int S32 = 4;
    static final int S8 = 5;
    static final int U8 = 6;

    // dnnl_format_tag_t
    static final int ANY = 1;
    static final int ROW_MAJOR = 3;
    static final int COLUMN_MAJOR = 14;

    // DNNL_ARG_…
    static final int SRC = 1;
    static final int DST = 17;
    static final int WEIGHTS = 33;
    static final int SCRATCHPAD = 80;

    // dnnl_query_t
    static final int WEIGHTS_DESCRIPTOR = 131;
    static final int SCRATCHPAD_DESCRIPTOR = 136;

    private static final int CPU = 1;
    private static final int IN_ORDER = 1;
    private static final int USER_SCRATCHPAD = 1;

    // dnnl_cpu_isa_t, sets of bits
    private static final int AVX2_VNNI = 0xf;
    private static final int AVX2_VNNI_2 = 0x1f;
    private static final int AVX512_VNNI = 0x67;
    private static final int AVX512_BF16 = 0xe7;

    /// A `dnnl_exec_arg_t`.
    private static final MemoryLayout ARGUMENT =
            MemoryLayout.structLayout(JAVA_INT, MemoryLayout.paddingLayout(4), ADDRESS);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYMBOLS = symbols();

    private static final MethodHandle CPU_ISA = function("dnnl_get_effective_cpu_isa", JAVA_INT);
    private static final MethodHandle SET_THREADS = LINKER.downcallHandle(
            SYMBOLS.find("omp_set_num_threads").orElseThrow(() -> missing("omp_set_num_threads")),
            FunctionDescriptor.ofVoid(JAVA_INT),
            Linker.Option.critical(false));
    private static final MethodHandle ENGINE_CREATE =
            function("dnnl_engine_create", JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
    private static final MethodHandle STREAM_CREATE =
            function("dnnl_stream_create", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle STREAM_DESTROY = function("dnnl_stream_destroy", JAVA_INT, ADDRESS);
    private static final MethodHandle DESCRIPTOR_CREATE =
            function("dnnl_memory_desc_create_with_tag", JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle DESCRIPTOR_DESTROY = function("dnnl_memory_desc_destroy", JAVA_INT, ADDRESS);
    private static final MethodHandle DESCRIPTOR_SIZE = function("dnnl_memory_desc_get_size", JAVA_LONG, ADDRESS);
    private static final MethodHandle ATTRIBUTES_CREATE = function("dnnl_primitive_attr_create", JAVA_INT, ADDRESS);
    private static final MethodHandle ATTRIBUTES_DESTROY = function("dnnl_primitive_attr_destroy", JAVA_INT, ADDRESS);
    private static final MethodHandle SET_SCRATCHPAD_MODE =
            function("dnnl_primitive_attr_set_scratchpad_mode", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle MATMUL_CREATE = function(
            "dnnl_matmul_primitive_desc_create",
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS);
    private static final MethodHandle REORDER_CREATE = function(
            "dnnl_reorder_primitive_desc_create", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle QUERY_DESCRIPTOR =
            function("dnnl_primitive_desc_query_md", ADDRESS, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle PLAN_DESTROY = function("dnnl_primitive_desc_destroy", JAVA_INT, ADDRESS);
    private static final MethodHandle PRIMITIVE_CREATE = function("dnnl_primitive_create", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle PRIMITIVE_DESTROY = function("dnnl_primitive_destroy", JAVA_INT, ADDRESS);
    private static final MethodHandle MEMORY_CREATE =
            function("dnnl_memory_create", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle MEMORY_DESTROY = function("dnnl_memory_destroy", JAVA_INT, ADDRESS);
    private static final MethodHandle SET_DATA = function("dnnl_memory_set_data_handle", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle EXECUTE =
            function("dnnl_primitive_execute", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS);

    private static final MemorySegment ENGINE = engine();

    private Dnnl() {}

    @FunctionalInterface
    private interface Call {
        Object invoke() throws Throwable;
    }

    private static SymbolLookup symbols() {
        try {
            return NativeLibrary.load();
        } catch (EngineUnavailableException e) {
            throw new IllegalStateException("oneDNN is used before it was loaded", e);
        }
    }

    private static IllegalStateException missing(String name) {
        return new IllegalStateException("the oneDNN library has no function " + name);
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(
                SYMBOLS.find(name).orElseThrow(() -> missing(name)), FunctionDescriptor.of(result, parameters));
    }

    private static MemorySegment engine() {
        alone();
        return create(Arena.global(), null, "an engine", to -> (int) ENGINE_CREATE.invokeExact(to, CPU, 0L));
    }

    /// The types that this processor has instructions for. Without them int8 would be slow, and on old
    /// processors sums of 16 bits could overflow.
    static Set<WeightType> types() {
        int isa = (int) call(() -> (int) CPU_ISA.invokeExact());
        Set<WeightType> types = EnumSet.of(WeightType.F32);
        if (has(isa, AVX512_VNNI) || has(isa, AVX2_VNNI)) {
            types.add(WeightType.INT8);
        }
        if (has(isa, AVX512_BF16) || has(isa, AVX2_VNNI_2)) {
            types.add(WeightType.BF16);
        }
        return types;
    }

    private static boolean has(int isa, int bits) {
        return (isa & bits) == bits;
    }

    /// Makes OpenMP, and so oneDNN, use no other thread than this one. The setting is one of each thread.
    static void alone() {
        try {
            SET_THREADS.invokeExact(1);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static MemorySegment stream(Arena arena) {
        return create(arena, STREAM_DESTROY, "a stream", to -> (int) STREAM_CREATE.invokeExact(to, ENGINE, IN_ORDER));
    }

    /// A descriptor of a matrix `[rows, columns]`.
    static MemorySegment matrix(Arena arena, long rows, long columns, int type, int format) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment sizes = local.allocate(12 * Long.BYTES); // dnnl_dims_t
            sizes.setAtIndex(JAVA_LONG, 0, rows);
            sizes.setAtIndex(JAVA_LONG, 1, columns);
            return create(arena, DESCRIPTOR_DESTROY, "a [" + rows + ", " + columns + "] matrix", to ->
                    (int) DESCRIPTOR_CREATE.invokeExact(to, 2, sizes, type, format));
        }
    }

    static long size(MemorySegment descriptor) {
        return (long) call(() -> (long) DESCRIPTOR_SIZE.invokeExact(descriptor));
    }

    /// The plan of `dst = src · weights`, with memory for intermediate values given by the caller.
    static MemorySegment matmul(Arena arena, MemorySegment src, MemorySegment weights, MemorySegment dst) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment attributes = attributes(local);
            return create(arena, PLAN_DESTROY, "a product", to ->
                    (int) MATMUL_CREATE.invokeExact(to, ENGINE, src, weights, MemorySegment.NULL, dst, attributes));
        }
    }

    /// The plan of a copy into another format.
    static MemorySegment reorder(Arena arena, MemorySegment from, MemorySegment target) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment attributes = attributes(local);
            return create(arena, PLAN_DESTROY, "a reorder", to ->
                    (int) REORDER_CREATE.invokeExact(to, from, ENGINE, target, ENGINE, attributes));
        }
    }

    private static MemorySegment attributes(Arena arena) {
        MemorySegment attributes =
                create(arena, ATTRIBUTES_DESTROY, "attributes", to -> (int) ATTRIBUTES_CREATE.invokeExact(to));
        check("a scratchpad", (int) call(() -> (int) SET_SCRATCHPAD_MODE.invokeExact(attributes, USER_SCRATCHPAD)));
        return attributes;
    }

    /// One of a plan's descriptors; it lives as long as the plan.
    static MemorySegment descriptor(MemorySegment plan, int which) {
        return (MemorySegment) call(() -> (MemorySegment) QUERY_DESCRIPTOR.invokeExact(plan, which, 0));
    }

    static MemorySegment primitive(Arena arena, MemorySegment plan) {
        return create(arena, PRIMITIVE_DESTROY, "a kernel", to -> (int) PRIMITIVE_CREATE.invokeExact(to, plan));
    }

    /// A memory object over `data`, which must outlive it; `data` can be changed with [#point].
    static MemorySegment memory(Arena arena, MemorySegment descriptor, MemorySegment data) {
        return create(arena, MEMORY_DESTROY, "a memory object", to ->
                (int) MEMORY_CREATE.invokeExact(to, descriptor, ENGINE, data));
    }

    /// Makes a memory object stand for other data.
    static void point(MemorySegment memory, MemorySegment data) {
        try {
            check("a memory object", (int) SET_DATA.invokeExact(memory, data));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// Room for the arguments of [#execute].
    static MemorySegment arguments(Arena arena, int count) {
        return arena.allocate(ARGUMENT, count);
    }

    static void argument(MemorySegment arguments, int index, int kind, MemorySegment memory) {
        long at = index * ARGUMENT.byteSize();
        arguments.set(JAVA_INT, at, kind);
        arguments.set(ADDRESS, at + ADDRESS.byteSize(), memory);
    }

    /// Runs a primitive on the calling thread.
    static void execute(MemorySegment primitive, MemorySegment stream, int count, MemorySegment arguments) {
        try {
            SET_THREADS.invokeExact(1);
            check("a product", (int) EXECUTE.invokeExact(primitive, stream, count, arguments));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @FunctionalInterface
    private interface Creation {
        int into(MemorySegment result) throws Throwable;
    }

    /// @param destroy frees what was created when the arena ends; null to keep it for ever
    private static MemorySegment create(Arena arena, @Nullable MethodHandle destroy, String what, Creation creation) {
        try (Arena local = Arena.ofConfined()) {
            MemorySegment result = local.allocate(ADDRESS);
            check(what, creation.into(result));
            MemorySegment created = result.get(ADDRESS, 0);
            return destroy == null ? created : created.reinterpret(0, arena, segment -> destroy(destroy, segment));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static void destroy(MethodHandle destroy, MemorySegment segment) {
        try {
            int status = (int) destroy.invokeExact(segment);
            assert status == 0 : "oneDNN could not free what it had created: status " + status;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static Object call(Call call) {
        try {
            return call.invoke();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static void check(String what, int status) {
        if (status != 0) {
            String reason = switch (status) { // dnnl_status_t
                case 1 -> "out of memory";
                case 2 -> "invalid arguments";
                case 3 -> "not implemented on this processor";
                default -> "status " + status;
            };
            throw new IllegalStateException("oneDNN cannot make or run " + what + ": " + reason);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException unchecked -> unchecked;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }
}
