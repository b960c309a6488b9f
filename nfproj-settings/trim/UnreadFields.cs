// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Trim;

/// <summary>
/// Takes out what is kept for nobody: a field that is written and never read takes room in each object, and so does the writing.
/// </summary>
public static class UnreadFields
{
    /// <summary>
    /// Removes the writing; nothing reaches the fields then.
    /// </summary>
    /// <param name="image">The assemblies, which are changed.</param>
    public static void Remove(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);

        // what was only read to be written may be next
        bool goesOn = true;
        while (goesOn)
        {
            goesOn = Remove(image, new Reachability(image));
        }
    }

    private static bool Remove(Image image, Reachability reached)
    {
        bool wasAny = false;
        HashSet<FieldDefinition> written = [];
        HashSet<FieldDefinition> used = [];
        foreach (Instruction instruction in reached.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions))
        {
            if ((instruction.Operand as FieldReference)?.Resolve() is FieldDefinition field)
            {
                (IsStore(instruction) ? written : used).Add(field);
            }
        }

        written.ExceptWith(used);
        foreach (MethodDefinition method in reached.Changeable)
        {
            Instruction[] stores = [.. method.Body.Instructions.Where(instruction => IsStore(instruction)
                && ((FieldReference)instruction.Operand).Resolve() is FieldDefinition field && written.Contains(field) && !image.IsWhole(field.Module))];
            if (stores.Length > 0)
            {
                wasAny = true;
                method.Body.SimplifyMacros();
                foreach (Instruction store in stores)
                {
                    Drop(method.Body, store);
                }

                Unmake(method.Body);

                method.Body.OptimizeMacros();
            }
        }

        return wasAny;
    }

    /// <summary>What is marked volatile is there for somebody.</summary>
    private static bool IsStore(Instruction instruction) =>
        instruction.OpCode.Code is Code.Stfld or Code.Stsfld && instruction.Previous?.OpCode.OpCodeType != OpCodeType.Prefix;

    /// <summary>Drops the value in place of writing it, and then the object.</summary>
    private static void Drop(MethodBody body, Instruction store)
    {
        bool hasObject = store.OpCode.Code == Code.Stfld;
        store.OpCode = OpCodes.Pop;
        store.Operand = null;
        if (hasObject)
        {
            body.GetILProcessor().InsertAfter(store, Instruction.Create(OpCodes.Pop));
        }
    }

    /// <summary>What is dropped is not made, if its making does nothing else.</summary>
    internal static void Unmake(MethodBody body)
    {
        HashSet<Instruction> targets = Retargeting.Targets(body);
        for (int i = 1; i < body.Instructions.Count; i++)
        {
            Instruction pop = body.Instructions[i];
            if (pop.OpCode.Code != Code.Pop || targets.Contains(pop))
            {
                continue;
            }

            Instruction made = pop.Previous;
            if (IsLoad(made))
            {
                Retargeting.Remove(body, pop);
                Retargeting.Remove(body, made);
            }
            else if (IsOfOne(made))
            {
                Retargeting.Remove(body, made);
            }
            else if (IsOfTwo(made))
            {
                made.OpCode = OpCodes.Pop;
            }
            else
            {
                continue;
            }

            // what is behind it now may be the next to go
            targets = Retargeting.Targets(body);
            i = Math.Max(0, i - 3);
        }
    }

    private static bool IsLoad(Instruction instruction) => instruction.OpCode.Code
        is Code.Ldarg or Code.Ldloc or Code.Ldc_I4 or Code.Ldc_I8 or Code.Ldnull or Code.Ldstr or Code.Ldsfld;

    private static bool IsOfOne(Instruction instruction) => instruction.OpCode.Code
        is Code.Ldfld or Code.Newarr or Code.Neg or Code.Not or Code.Ldlen or Code.Conv_I4 or Code.Conv_U1 or Code.Conv_U2 or Code.Conv_U4 or Code.Conv_I8;

    private static bool IsOfTwo(Instruction instruction) => instruction.OpCode.Code
        is Code.Add or Code.Sub or Code.Mul or Code.And or Code.Or or Code.Xor or Code.Shl or Code.Shr or Code.Shr_Un or Code.Ceq or Code.Clt or Code.Cgt;
}
