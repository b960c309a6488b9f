// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Benchmarks;

/// <summary>
/// Adds counters to compiled assemblies: each piece of code that is run as a whole, up to the next branch or call, adds the number of
/// its instructions when it begins. nanoCLR counts the instructions that it begins, one for each opcode: both count the same, but where
/// an exception is thrown.
/// </summary>
internal sealed class IlInstrumenter
{
    private static readonly Dictionary<string, string> s_replaced = new()
    {
        ["System.Int64 System.Environment::get_TickCount64()"] = nameof(IlCounter.TickCount64),
        ["System.DateTime System.DateTime::get_UtcNow()"] = nameof(IlCounter.UtcNow),
        ["System.Void System.Threading.Thread::Sleep(System.Int32)"] = nameof(IlCounter.Sleep),
        ["System.Void System.Console::WriteLine(System.String)"] = nameof(IlCounter.WriteLine),
        ["System.Void System.Console::Write(System.String)"] = nameof(IlCounter.WriteLine),
        ["System.Void TcpIp.DeviceTests.NanoCounter::NanoCount(System.Int64[])"] = nameof(IlCounter.NanoCount),
        ["System.Void Firmware.Application::.ctor(System.Device.Spi.SpiDevice)"] = nameof(IlCounter.MakeApplication),
    };

    /// <summary>
    /// What methods of nanoFramework's libraries take that are managed code on the board too, and what they call in turn: counted in
    /// the IL of its mscorlib and System.Device.Spi. All others that the counted code calls are native: they take nothing.
    /// </summary>
    private static readonly Dictionary<string, (int Instructions, int Calls)> s_libraries = new()
    {
        ["System.Void System.Object::.ctor()"] = (1, 0),
        ["System.Void System.Array::Copy(System.Array,System.Array,System.Int32)"] = (7, 1),
        ["System.DateTime System.DateTime::get_UtcNow()"] = (31, 3),
        ["System.Int64 System.DateTime::get_Ticks()"] = (7, 0),
        ["System.Void System.Device.Spi.SpiDevice::Write(System.UInt16[])"] = (6, 1),
        ["System.Void System.Device.Spi.SpiDevice::TransferFullDuplex(System.UInt16[],System.UInt16[])"] = (13, 2),
    };

    private readonly List<string> _methods = [];

    /// <summary>Gets the methods so far, each with its part before it; the last ones are the libraries', as one.</summary>
    public IReadOnlyList<string> Methods => _methods;

    /// <summary>Takes an assembly and gives it back with counters.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="part">What its methods are part of.</param>
    /// <param name="isOptimized">Whether it was compiled as for the board.</param>
    public MemoryStream Instrument(string path, Func<string, string> part, out bool isOptimized)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        isOptimized = !module.Assembly.CustomAttributes
            .Where(a => a.AttributeType.Name == "DebuggableAttribute")
            .Any(a => a.ConstructorArguments[0].Value is int modes && (modes & (int)System.Diagnostics.DebuggableAttribute.DebuggingModes.DisableOptimizations) != 0);
        FieldReference instructions = module.ImportReference(typeof(IlCounter).GetField(nameof(IlCounter.Instructions)));
        FieldReference times = module.ImportReference(typeof(IlCounter).GetField(nameof(IlCounter.Times)));
        FieldReference calls = module.ImportReference(typeof(IlCounter).GetField(nameof(IlCounter.Calls)));
        int libraries = _methods.Count;
        _methods.Add($"library called by {Path.GetFileNameWithoutExtension(path)}");
        foreach (MethodDefinition method in module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody).ToList())
        {
            int index = _methods.Count;
            _methods.Add($"{part(method.DeclaringType.FullName)} {method.DeclaringType.Name}.{method.Name}");
            method.Body.SimplifyMacros();
            foreach ((Instruction leader, Block block) in Blocks(method.Body))
            {
                InsertBefore(method.Body, leader,
                [
                    .. Adding(instructions, index, block.Instructions),
                    .. block.Calls == 0 ? [] : Adding(calls, index, block.Calls),
                    .. block.LibraryInstructions == 0 ? [] : Adding(instructions, libraries, block.LibraryInstructions),
                    .. block.LibraryCalls == 0 ? [] : Adding(calls, libraries, block.LibraryCalls),
                ]);
            }

            // before the first instruction, not in its place: who branches back to that does not call again
            foreach ((int at, Instruction adds) in Adding(times, index, 1).Index())
            {
                method.Body.Instructions.Insert(at, adds);
            }

            Replace(module, method.Body);
        }

        var stream = new MemoryStream();
        module.Write(stream);
        stream.Position = 0;
        return stream;
    }

    private static List<(Instruction Leader, Block Block)> Blocks(MethodBody body)
    {
        HashSet<Instruction> leaders = [body.Instructions[0]];
        foreach (Instruction instruction in body.Instructions)
        {
            Instruction[] targets = instruction.Operand switch
            {
                Instruction one => [one],
                Instruction[] many => many,
                _ => [],
            };
            leaders.UnionWith(targets);
            bool ends = instruction.OpCode.FlowControl 
                is FlowControl.Branch or FlowControl.Cond_Branch or FlowControl.Return or FlowControl.Throw or FlowControl.Call;
            if (ends && instruction.Next is not null)
            {
                leaders.Add(instruction.Next);
            }
        }

        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            leaders.UnionWith(new[] { handler.TryStart, handler.HandlerStart, handler.FilterStart, handler.HandlerEnd }.OfType<Instruction>());
        }

        List<(Instruction Leader, Block Block)> blocks = [];
        foreach (Instruction instruction in body.Instructions)
        {
            if (leaders.Contains(instruction))
            {
                blocks.Add((instruction, new Block()));
            }

            Block block = blocks[^1].Block;
            block.Instructions++;
            if (instruction.Operand is MethodReference called && instruction.OpCode.FlowControl == FlowControl.Call)
            {
                (int inLibrary, int callsInLibrary) = s_libraries.GetValueOrDefault(called.FullName);
                block.Calls++;
                block.LibraryInstructions += inLibrary;
                block.LibraryCalls += callsInLibrary;
            }
        }

        return blocks;
    }

    private static Instruction[] Adding(FieldReference counts, int index, int count) =>
    [
        Instruction.Create(OpCodes.Ldsfld, counts),
        Instruction.Create(OpCodes.Ldc_I4, index),
        Instruction.Create(OpCodes.Ldelema, counts.Module.TypeSystem.Int64),
        Instruction.Create(OpCodes.Dup),
        Instruction.Create(OpCodes.Ldind_I8),
        Instruction.Create(OpCodes.Ldc_I8, (long)count),
        Instruction.Create(OpCodes.Add),
        Instruction.Create(OpCodes.Stind_I8),
    ];

    /// <summary>Puts code where an instruction is, so that whoever branches to it comes to the code first.</summary>
    private static void InsertBefore(MethodBody body, Instruction instruction, Instruction[] code)
    {
        var moved = Instruction.Create(OpCodes.Nop);
        moved.OpCode = instruction.OpCode;
        moved.Operand = instruction.Operand;
        instruction.OpCode = code[0].OpCode;
        instruction.Operand = code[0].Operand;
        int at = body.Instructions.IndexOf(instruction) + 1;
        foreach (Instruction next in code.Skip(1).Append(moved))
        {
            body.Instructions.Insert(at++, next);
        }
    }

    private static void Replace(ModuleDefinition module, MethodBody body)
    {
        foreach (Instruction instruction in body.Instructions)
        {
            if (instruction.Operand is MethodReference called && s_replaced.TryGetValue(called.FullName, out string? by)
                && instruction.OpCode.Code is Code.Call or Code.Newobj)
            {
                instruction.OpCode = OpCodes.Call;
                instruction.Operand = module.ImportReference(typeof(IlCounter).GetMethod(by));
            }
        }
    }

    /// <summary>What a basic block takes.</summary>
    private sealed class Block
    {
        public int Instructions { get; set; }

        public int Calls { get; set; }

        public int LibraryInstructions { get; set; }

        public int LibraryCalls { get; set; }
    }
}
