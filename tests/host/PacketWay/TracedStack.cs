// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace HostTests.PacketWay;

/// <summary>
/// The compiled stack, rewritten so that each method says when it is entered and left. It is loaded beside the one that the tests use,
/// with a copy of the tests' own assembly, and makes the <see cref="Journeys"/> there.
/// </summary>
internal sealed class TracedStack
{
    /// <summary>What the stack calls of the driver, which is not traced: the callers report for it.</summary>
    internal const string Driver = "INetworkInterface";

    private readonly List<Call> _calls = [];
    private readonly MemoryStream _image = new();
    private readonly Summaries _summaries;

    private TracedStack(string path)
    {
        _summaries = new Summaries(Path.ChangeExtension(path, ".xml"));
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(path, new ReaderParameters { ReadSymbols = true, InMemory = true });
        ModuleDefinition module = assembly.MainModule;
        MethodReference enter = module.ImportReference(typeof(CallLog).GetMethod(nameof(CallLog.Enter)));
        MethodReference leave = module.ImportReference(typeof(CallLog).GetMethod(nameof(CallLog.Leave)));
        foreach (MethodDefinition method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody).ToArray())
        {
            Trace(method, enter, leave);
        }

        assembly.Write(_image);
    }

    /// <summary>Makes the journeys and lists the calls of each.</summary>
    public static Call[][] Run()
    {
        string tests = typeof(TracedStack).Assembly.Location;
        TracedStack traced = new(Path.Combine(Path.GetDirectoryName(tests)!, "TcpIp.dll"));
        AssemblyLoadContext context = new("traced");
        traced._image.Position = 0;
        context.LoadFromStream(traced._image);
        Type journeys = context.LoadFromAssemblyPath(tests).GetType(typeof(Journeys).FullName!)!;
        MethodInfo run = journeys.GetMethod(nameof(Journeys.Run), BindingFlags.Static | BindingFlags.NonPublic)!;
        int[][] logs = (int[][])run.Invoke(null, null)!;
        return [.. logs.Select(log => log.Chunk(2).Select(entry => traced._calls[entry[0]] with { Depth = entry[1] }).ToArray())];
    }

    private void Trace(MethodDefinition method, MethodReference enter, MethodReference leave)
    {
        int number = Add(method);
        Mono.Cecil.Cil.MethodBody body = method.Body;
        body.SimplifyMacros();
        ILProcessor il = body.GetILProcessor();
        foreach (Instruction instruction in body.Instructions.ToArray())
        {
            if (instruction.OpCode == OpCodes.Ret)
            {
                // the instruction itself becomes the report, for branches go to it
                instruction.OpCode = OpCodes.Call;
                instruction.Operand = leave;
                il.InsertAfter(instruction, il.Create(OpCodes.Ret));
            }
            else if (instruction.OpCode == OpCodes.Callvirt && instruction.Operand is MethodDefinition { DeclaringType.Name: Driver } driver)
            {
                il.InsertBefore(instruction, il.Create(OpCodes.Ldc_I4, Add(driver)));
                il.InsertBefore(instruction, il.Create(OpCodes.Call, enter));
                il.InsertBefore(instruction, il.Create(OpCodes.Call, leave));
            }
        }

        Instruction first = body.Instructions[0];
        il.InsertBefore(first, il.Create(OpCodes.Ldc_I4, number));
        il.InsertBefore(first, il.Create(OpCodes.Call, enter));
        body.OptimizeMacros();
    }

    private int Add(MethodDefinition method)
    {
        bool isAccessor = method.IsGetter || method.IsSetter;
        string name = isAccessor ? method.Name[4..] : method.Name;
        bool isVoid = method.ReturnType.MetadataType == MetadataType.Void;
        _calls.Add(new Call($"{method.DeclaringType.Name}.{name}", FileOf(method), _summaries.Of(method), 0, isAccessor, isVoid));
        return _calls.Count - 1;
    }

    /// <summary>The file as the compiler noted it; a type without code, which an interface is, has the file of its name.</summary>
    private static string FileOf(MethodDefinition method)
    {
        string? path = method.DeclaringType.Methods.Prepend(method)
            .SelectMany(m => m.DebugInformation.SequencePoints)
            .Select(point => point.Document.Url.Replace('\\', '/'))
            .FirstOrDefault();
        return path != null
            ? path[(path.LastIndexOf("/stack/", StringComparison.Ordinal) + "/stack/".Length)..]
            : $"{method.DeclaringType.Namespace.Split('.')[^1]}/{method.DeclaringType.Name}.cs";
    }
}
