// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Trim;

/// <summary>
/// Says the same in less: what is stored only to be loaded at once stays on the stack, a branch to a return is a return, and the locals that are
/// named most come first, where their names take no room.
/// </summary>
public static class Tidying
{
    /// <summary>Locals that an instruction of one byte can name.</summary>
    private const int InOneByte = 4;

    /// <summary>Branches that are followed to where they lead in the end; a loop without end leads nowhere.</summary>
    private const int MostHops = 8;

    /// <summary>
    /// Tidies all methods that are reached.
    /// </summary>
    /// <param name="reached">What can be reached of an image, which is changed.</param>
    public static void Tidy(Reachability reached)
    {
        ArgumentNullException.ThrowIfNull(reached);
        foreach (MethodDefinition method in reached.Changeable)
        {
            MethodBody body = method.Body;
            body.SimplifyMacros();
            Forward(body);
            Return(body);
            Cut(body);
            Order(body);
            body.OptimizeMacros();
        }
    }

    /// <summary>Drops a store and the load right behind it, where they are the only ones of their local.</summary>
    private static void Forward(MethodBody body)
    {
        HashSet<Instruction> targets = Retargeting.Targets(body);
        foreach (VariableDefinition local in body.Variables)
        {
            Instruction[] uses = [.. body.Instructions.Where(instruction => instruction.Operand == local)];
            if (uses.Length == 2 && uses[0].OpCode.Code == Code.Stloc && uses[1].OpCode.Code == Code.Ldloc && uses[0].Next == uses[1] && !targets.Contains(uses[1]))
            {
                Retargeting.Remove(body, uses[1]);
                Retargeting.Remove(body, uses[0]);
            }
        }
    }

    private static void Return(MethodBody body)
    {
        if (body.HasExceptionHandlers)
        {
            return;
        }

        foreach (Instruction branch in body.Instructions.Where(instruction => instruction.OpCode.Code == Code.Br))
        {
            Instruction target = (Instruction)branch.Operand!;
            for (int i = 0; i < MostHops && target.OpCode.Code == Code.Br; i++)
            {
                target = (Instruction)target.Operand!;
            }

            branch.Operand = target;
            if (target.OpCode.Code == Code.Ret)
            {
                branch.OpCode = OpCodes.Ret;
                branch.Operand = null;
            }
        }
    }

    /// <summary>Cuts off what nothing comes to.</summary>
    internal static void Cut(MethodBody body)
    {
        if (!body.HasExceptionHandlers)
        {
            Dictionary<Instruction, int> reached = StackDepth.Before(body);
            foreach (Instruction instruction in body.Instructions.Where(instruction => !reached.ContainsKey(instruction)).ToArray())
            {
                body.Instructions.Remove(instruction);
            }
        }
    }

    /// <summary>Those that are named most first; else by what they are of, for lists of locals that are the same take room once.</summary>
    private static void Order(MethodBody body)
    {
        Dictionary<VariableDefinition, int> uses = body.Variables.ToDictionary(local => local, local => body.Instructions.Count(instruction => instruction.Operand == local));
        VariableDefinition[] used = [.. uses.Where(use => use.Value > 0).OrderByDescending(use => use.Value).ThenBy(use => use.Key.VariableType.FullName, StringComparer.Ordinal).Select(use => use.Key)];
        body.Variables.Clear();
        foreach (VariableDefinition[] part in new[] { used[..Math.Min(InOneByte, used.Length)], used[Math.Min(InOneByte, used.Length)..] })
        {
            foreach (VariableDefinition local in part.OrderBy(local => local.VariableType.FullName, StringComparer.Ordinal))
            {
                body.Variables.Add(local);
            }
        }
    }
}
