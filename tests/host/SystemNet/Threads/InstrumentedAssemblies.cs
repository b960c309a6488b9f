// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;
using Ours = ours::System.Net.Sockets.Socket;

namespace HostTests.SystemNet.Threads;

/// <summary>
/// A second copy of these tests whose System.Net and whose threading call back before instructions: so a thread can be ended between any two of
/// them, as the runtime of a board does, or the objects be counted that they make. It stays until the process ends: once the runtime crashed in a thread
/// whose stack was looked at, after another such copy had been unloaded.
/// </summary>
internal sealed class InstrumentedAssemblies : AssemblyLoadContext
{
    private const string HookType = "EachInstruction";
    private const string HookField = "Comes";

    private static readonly string[] s_rewritten = ["TcpIp.Threading", "SystemNet"];

    private readonly Func<OpCode, bool> _calls;

    /// <summary>Makes a copy that calls back before each instruction, or before each of some.</summary>
    public InstrumentedAssemblies(Func<OpCode, bool>? calls = null)
        : base("instrumented")
    {
        _calls = calls ?? (_ => true);
    }

    /// <summary>Has the copy that this runs in call something, if it is one.</summary>
    public static void Hook(Action comes)
    {
        foreach (Assembly assembly in new[] { typeof(TcpIp.Threading.SocketHost).Assembly, typeof(Ours).Assembly })
        {
            assembly.GetType(HookType)?.GetField(HookField)!.SetValue(null, comes);
        }
    }

    /// <summary>Calls a static method of the copy of a type of these tests.</summary>
    public object? Call(Type type, string method, params object[] arguments) =>
        LoadFromAssemblyName(type.Assembly.GetName()).GetType(type.FullName!)!
            .GetMethod(method, BindingFlags.Public | BindingFlags.Static)!
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        string path = Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll");
        if (s_rewritten.Contains(assemblyName.Name))
        {
            return LoadFromStream(Rewrite(path));
        }

        return assemblyName.Name == typeof(InstrumentedAssemblies).Assembly.GetName().Name ? LoadFromStream(new MemoryStream(File.ReadAllBytes(path))) : null;
    }

    private MemoryStream Rewrite(string path)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        MethodDefinition[] methods = [.. module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody)];
        MethodDefinition hook = AddHook(module);
        foreach (MethodDefinition method in methods)
        {
            method.Body.SimplifyMacros();
            Instruction[] instructions = [.. method.Body.Instructions];
            ILProcessor processor = method.Body.GetILProcessor();
            bool isPrefixed = false;
            foreach (Instruction instruction in instructions)
            {
                if (!isPrefixed && _calls(instruction.OpCode))
                {
                    // who jumps here, and a block that begins here, finds the call
                    Instruction copy = processor.Create(OpCodes.Nop);
                    copy.OpCode = instruction.OpCode;
                    copy.Operand = instruction.Operand;
                    processor.InsertAfter(instruction, copy);
                    instruction.OpCode = OpCodes.Call;
                    instruction.Operand = hook;
                    isPrefixed = copy.OpCode.OpCodeType == OpCodeType.Prefix;
                }
                else
                {
                    isPrefixed = instruction.OpCode.OpCodeType == OpCodeType.Prefix;
                }
            }

            method.Body.OptimizeMacros();
        }

        MemoryStream written = new();
        module.Write(written);
        written.Position = 0;
        return written;
    }

    private static MethodDefinition AddHook(ModuleDefinition module)
    {
        TypeDefinition type = new(string.Empty, HookType, Mono.Cecil.TypeAttributes.Public | Mono.Cecil.TypeAttributes.Abstract | Mono.Cecil.TypeAttributes.Sealed, module.TypeSystem.Object);
        FieldDefinition field = new(HookField, Mono.Cecil.FieldAttributes.Public | Mono.Cecil.FieldAttributes.Static, module.ImportReference(typeof(Action)));
        MethodDefinition method = new("Come", Mono.Cecil.MethodAttributes.Public | Mono.Cecil.MethodAttributes.Static, module.TypeSystem.Void);
        ILProcessor processor = method.Body.GetILProcessor();
        Instruction end = processor.Create(OpCodes.Ret);
        processor.Emit(OpCodes.Ldsfld, field);
        processor.Emit(OpCodes.Brfalse, end);
        processor.Emit(OpCodes.Ldsfld, field);
        processor.Emit(OpCodes.Callvirt, module.ImportReference(typeof(Action).GetMethod(nameof(Action.Invoke))));
        processor.Append(end);
        type.Fields.Add(field);
        type.Methods.Add(method);
        module.Types.Add(type);
        return method;
    }
}
