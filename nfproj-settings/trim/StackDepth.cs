// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Trim;

/// <summary>
/// How many values lie on the evaluation stack (ECMA-335 section III.1.7).
/// </summary>
public static class StackDepth
{
    /// <summary>Counts the values before each instruction that can be come to.</summary>
    public static Dictionary<Instruction, int> Before(MethodBody body)
    {
        Dictionary<Instruction, int> depths = [];
        Stack<(Instruction? At, int Depth)> open = new();
        open.Push((body.Instructions[0], 0));
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            open.Push((handler.HandlerStart, handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter ? 1 : 0));
            open.Push((handler.FilterStart, 1));
        }

        while (open.TryPop(out (Instruction? At, int Depth) next))
        {
            if (next.At is not Instruction at || !depths.TryAdd(at, next.Depth))
            {
                continue;
            }

            int depth = at.OpCode.FlowControl is FlowControl.Throw || at.OpCode.Code is Code.Leave or Code.Leave_S
                ? 0
                : next.Depth - Pops(at, body.Method) + Pushes(at);
            foreach (Instruction target in Targets(at))
            {
                open.Push((target, depth));
            }

            if (at.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw))
            {
                open.Push((at.Next, depth));
            }
        }

        return depths;
    }

    /// <summary>Where an instruction may branch to.</summary>
    internal static IEnumerable<Instruction> Targets(Instruction instruction) => instruction.Operand switch
    {
        Instruction one => [one],
        Instruction[] many => many,
        _ => [],
    };

    /// <summary>How many values an instruction takes.</summary>
    internal static int Pops(Instruction instruction, MethodDefinition method) => instruction.OpCode.StackBehaviourPop switch
    {
        StackBehaviour.Pop0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
        StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8 or StackBehaviour.Popref_popi_popr4
            or StackBehaviour.Popref_popi_popr8 or StackBehaviour.Popref_popi_popref => 3,
        StackBehaviour.Varpop when instruction.Operand is MethodReference called =>
            called.Parameters.Count + (called.HasThis && instruction.OpCode.Code != Code.Newobj ? 1 : 0),
        StackBehaviour.Varpop => IsVoid(method.ReturnType) ? 0 : 1,
        StackBehaviour.PopAll => 0,
        _ => 2,
    };

    /// <summary>How many values an instruction leaves.</summary>
    internal static int Pushes(Instruction instruction) => instruction.OpCode.StackBehaviourPush switch
    {
        StackBehaviour.Push0 => 0,
        StackBehaviour.Push1_push1 => 2,
        StackBehaviour.Varpush => instruction.Operand is MethodReference called && !IsVoid(called.ReturnType) ? 1 : 0,
        _ => 1,
    };

    private static bool IsVoid(TypeReference type) => type.MetadataType == MetadataType.Void;
}
