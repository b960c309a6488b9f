// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil.Cil;

namespace Trim;

/// <summary>
/// Instructions go, and what pointed to them has to point elsewhere.
/// </summary>
internal static class Retargeting
{
    /// <summary>Has what branches to an instruction, or begins or ends with it, do so with another.</summary>
    internal static void Move(MethodBody body, Instruction from, Instruction to)
    {
        Move(body.Instructions, target => target == from ? to : target);
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            handler.TryStart = handler.TryStart == from ? to : handler.TryStart;
            handler.TryEnd = handler.TryEnd == from ? to : handler.TryEnd;
            handler.HandlerStart = handler.HandlerStart == from ? to : handler.HandlerStart;
            handler.HandlerEnd = handler.HandlerEnd == from ? to : handler.HandlerEnd;
            handler.FilterStart = handler.FilterStart == from ? to : handler.FilterStart;
        }
    }

    /// <summary>Has instructions branch elsewhere.</summary>
    /// <param name="code">The instructions.</param>
    /// <param name="whereTo">Says for each target which one it is now.</param>
    internal static void Move(IEnumerable<Instruction> code, Func<Instruction, Instruction> whereTo)
    {
        foreach (Instruction instruction in code)
        {
            if (instruction.Operand is Instruction target)
            {
                instruction.Operand = whereTo(target);
            }
            else if (instruction.Operand is Instruction[] several)
            {
                instruction.Operand = several.Select(whereTo).ToArray();
            }
        }
    }

    /// <summary>Takes an instruction out; what came to it comes to the next one.</summary>
    internal static void Remove(MethodBody body, Instruction instruction)
    {
        Move(body, instruction, instruction.Next);
        body.Instructions.Remove(instruction);
    }

    /// <summary>Finds the instructions that may be come to from elsewhere than from the one before, and those where a handler begins or ends.</summary>
    internal static HashSet<Instruction> Targets(MethodBody body)
    {
        HashSet<Instruction> targets = [.. body.Instructions.SelectMany(StackDepth.Targets)];
        foreach (ExceptionHandler handler in body.ExceptionHandlers)
        {
            targets.UnionWith(new[] { handler.TryStart, handler.TryEnd, handler.HandlerStart, handler.HandlerEnd, handler.FilterStart }.OfType<Instruction>());
        }

        return targets;
    }
}
