// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Trim;

/// <summary>
/// Answers what a program asks about objects that it never makes: a library looks whether there is a handler, and where no handler is made anywhere
/// there is none. What would have been done with it goes.
/// </summary>
public static class NeverMade
{
    /// <summary>
    /// Puts the answers in place of the questions, until there are none left.
    /// </summary>
    /// <param name="image">The assemblies, which are changed.</param>
    public static void Fold(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);

        // what was made only where nothing comes to is not made either
        bool goesOn = true;
        while (goesOn)
        {
            var reached = new Reachability(image);
            goesOn = false;
            foreach (MethodDefinition method in reached.Changeable.Where(method => !method.Body.HasExceptionHandlers))
            {
                goesOn |= Fold(method.Body, reached);
            }
        }
    }

    private static bool Fold(MethodBody body, Reachability reached)
    {
        body.SimplifyMacros();
        bool wasAny = Answer(body, reached) | Throw(body, reached);
        if (wasAny)
        {
            UnreadFields.Unmake(body);
            Tidying.Cut(body);
        }

        body.OptimizeMacros();
        return wasAny;
    }

    /// <summary>A branch that such an object decides is always taken, or never.</summary>
    private static bool Answer(MethodBody body, Reachability reached)
    {
        HashSet<Instruction> targets = Retargeting.Targets(body);
        Instruction[] branches =
        [
            .. body.Instructions.Where(branch => branch.OpCode.Code is Code.Brtrue or Code.Brfalse && branch.Previous is not null && !targets.Contains(branch)
                && TypeOf(branch.Previous) is TypeReference type && reached.IsNeverMade(type)),
        ];
        foreach (Instruction branch in branches)
        {
            if (branch.OpCode.Code == Code.Brfalse)
            {
                body.GetILProcessor().InsertAfter(branch, Instruction.Create(OpCodes.Br, (Instruction)branch.Operand!));
            }

            branch.OpCode = OpCodes.Pop;
            branch.Operand = null;
        }

        return branches.Length > 0;
    }

    /// <summary>A call of one of its methods throws, for there is no object.</summary>
    private static bool Throw(MethodBody body, Reachability reached)
    {
        Instruction[] calls =
        [
            .. body.Instructions.Where(call => call.OpCode.Code == Code.Callvirt && reached.IsNeverMade(((MethodReference)call.Operand).DeclaringType)),
        ];
        foreach (Instruction call in calls)
        {
            // to throw null is to throw a NullReferenceException (ECMA-335 section III.4.31)
            call.OpCode = OpCodes.Ldnull;
            call.Operand = null;
            body.GetILProcessor().InsertAfter(call, Instruction.Create(OpCodes.Throw));
        }

        return calls.Length > 0;
    }

    /// <summary>Of what type that is which an instruction leaves on the stack, if it says so.</summary>
    private static TypeReference? TypeOf(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldfld or Code.Ldsfld => ((FieldReference)instruction.Operand).FieldType,
        Code.Ldloc => ((VariableDefinition)instruction.Operand).VariableType,
        Code.Ldarg => ((ParameterDefinition)instruction.Operand).ParameterType,
        Code.Call or Code.Callvirt => ((MethodReference)instruction.Operand).ReturnType,
        _ => null,
    };
}
