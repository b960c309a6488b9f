// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Trim;

/// <summary>
/// Takes out the counting of what nobody reads: a field that is only added to, wherever it can be reached, tells nobody anything.
/// </summary>
public static class Counters
{
    /// <summary>
    /// Removes additions.
    /// </summary>
    /// <param name="reached">What can be reached of an image, which is changed.</param>
    public static void Remove(Reachability reached)
    {
        ArgumentNullException.ThrowIfNull(reached);
        MethodDefinition[] methods = [.. reached.Changeable];
        HashSet<FieldDefinition> counted = [];
        HashSet<FieldDefinition> used = [];
        foreach (MethodDefinition method in reached.Methods.Where(method => method.HasBody))
        {
            HashSet<Instruction> additions = [.. Additions(method).SelectMany(addition => addition)];
            foreach (Instruction instruction in method.Body.Instructions)
            {
                if ((instruction.Operand as FieldReference)?.Resolve() is FieldDefinition field)
                {
                    bool isAddition = additions.Contains(instruction) && instruction.OpCode.Code is Code.Ldfld or Code.Stfld && IsCounted(instruction, additions);
                    (isAddition ? counted : used).Add(field);
                }
            }
        }

        counted.ExceptWith(used);
        foreach (MethodDefinition method in methods)
        {
            Instruction[][] additions = [.. Additions(method).Where(addition => counted.Contains(((FieldReference)addition[^1].Operand).Resolve()))];
            if (additions.Length > 0)
            {
                Remove(method.Body, additions);
            }
        }
    }

    /// <summary>Whether an instruction of an addition is of the field itself, not of the way to it.</summary>
    private static bool IsCounted(Instruction instruction, HashSet<Instruction> additions)
    {
        return instruction.OpCode.Code == Code.Stfld || (instruction.Previous?.OpCode.Code == Code.Dup && additions.Contains(instruction.Previous));
    }

    /// <summary>
    /// Where a method adds 1 to a field: an argument or a local, the fields that lead to the object, then dup, ldfld, ldc, add, stfld. Nothing
    /// branches into it.
    /// </summary>
    private static IEnumerable<Instruction[]> Additions(MethodDefinition method)
    {
        HashSet<Instruction> targets = Retargeting.Targets(method.Body);
        foreach (Instruction dup in method.Body.Instructions.Where(instruction => instruction.OpCode.Code == Code.Dup))
        {
            Instruction? load = dup.Next;
            Instruction? one = load?.Next;
            Instruction? add = one?.Next;
            Instruction? store = add?.Next;
            if (load?.OpCode.Code != Code.Ldfld || one?.OpCode.Code != Code.Ldc_I4_1 || add?.OpCode.Code != Code.Add || store?.OpCode.Code != Code.Stfld
                || ((FieldReference)load.Operand).Resolve() is not FieldDefinition field || ((FieldReference)store.Operand).Resolve() != field)
            {
                continue;
            }

            List<Instruction> all = [dup, load, one, add, store];
            Instruction? way = dup.Previous;
            while (way?.OpCode.Code == Code.Ldfld)
            {
                all.Insert(0, way);
                way = way.Previous;
            }

            bool isLoad = way?.OpCode.Code is Code.Ldarg_0 or Code.Ldarg_1 or Code.Ldarg_2 or Code.Ldarg_3 or Code.Ldarg_S or Code.Ldarg
                or Code.Ldloc_0 or Code.Ldloc_1 or Code.Ldloc_2 or Code.Ldloc_3 or Code.Ldloc_S or Code.Ldloc;
            if (isLoad && store.Next is not null && !all.Any(targets.Contains))
            {
                yield return [way!, .. all];
            }
        }
    }

    private static void Remove(MethodBody body, Instruction[][] additions)
    {
        body.SimplifyMacros();
        foreach (Instruction[] addition in additions)
        {
            // what branched to it goes on behind it
            Retargeting.Move(body, addition[0], addition[^1].Next);
            foreach (Instruction instruction in addition)
            {
                body.Instructions.Remove(instruction);
            }
        }

        body.OptimizeMacros();
    }
}
