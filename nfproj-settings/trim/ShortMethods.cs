// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Trim;

/// <summary>
/// Puts what short methods do in place of their calls, where that takes less room than the methods: most of them are properties that read a
/// field. What nobody calls any more is then not reached.
/// </summary>
/// <remarks>
/// Only methods are taken that use each argument once and in order before anything else, and then go straight to their end: their
/// instructions find on the stack what the call found there.
/// </remarks>
public static class ShortMethods
{
    /// <summary>What a row of a method takes beside its instructions: the row, and a short name.</summary>
    internal const int RowBytes = 18;

    internal const int CallBytes = 3;
    private const int MostInstructions = 4;

    /// <summary>A method that only calls a short one is short once that call is gone.</summary>
    private const int Rounds = 3;

    /// <summary>
    /// Replaces calls.
    /// </summary>
    /// <param name="image">The assemblies, which are changed.</param>
    public static void Inline(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        MethodDefinition[] methods = [.. image.Own.SelectMany(module => module.GetTypes()).SelectMany(type => type.Methods).Where(method => method.HasBody)];
        for (int i = 0; i < Rounds; i++)
        {
            Dictionary<MethodDefinition, Instruction[]> chosen = Choose(image, methods);
            foreach (MethodDefinition method in methods)
            {
                Inline(method, chosen);
            }
        }

        foreach (TypeDefinition type in image.Own.SelectMany(module => module.GetTypes()))
        {
            Open(type);
        }
    }

    private static Dictionary<MethodDefinition, Instruction[]> Choose(Image image, MethodDefinition[] methods)
    {
        Dictionary<MethodDefinition, int> calls = [];
        foreach (MethodDefinition called in methods.SelectMany(Calls).Select(call => ((MethodReference)call.Operand).Resolve()).OfType<MethodDefinition>())
        {
            calls[called] = calls.GetValueOrDefault(called) + 1;
        }

        Dictionary<MethodDefinition, Instruction[]> chosen = [];
        foreach ((MethodDefinition method, int count) in calls.Where(called => image.IsOwn(called.Key.DeclaringType)))
        {
            Instruction[]? body = Body(method);
            if (body is not null && count * (body.Sum(Bytes) - CallBytes) <= RowBytes + body.Sum(Bytes))
            {
                chosen.Add(method, body);
            }
        }

        // one that calls another of them waits for the next round
        return chosen.Where(each => !each.Value.Any(i => i.Operand is MethodReference called && called.Resolve() is MethodDefinition inner && chosen.ContainsKey(inner)))
            .ToDictionary(each => each.Key, each => each.Value);
    }

    /// <summary>Whether an instruction is a call without a prefix that changes what it does.</summary>
    internal static bool IsCall(Instruction instruction) =>
        instruction.OpCode.Code is Code.Call or Code.Callvirt && instruction.Previous?.OpCode.OpCodeType != OpCodeType.Prefix;

    private static IEnumerable<Instruction> Calls(MethodDefinition method)
    {
        return method.Body.Instructions.Where(IsCall);
    }

    private static void Inline(MethodDefinition method, Dictionary<MethodDefinition, Instruction[]> chosen)
    {
        bool isLong = false;
        foreach (Instruction call in Calls(method).ToArray())
        {
            MethodDefinition? called = ((MethodReference)call.Operand).Resolve();
            if (called is null || called == method || !chosen.TryGetValue(called, out Instruction[]? body))
            {
                continue;
            }

            if (!isLong)
            {
                // a short branch may not reach over what gets longer
                method.Body.SimplifyMacros();
                isLong = true;
            }

            // the first takes the call's place, for something may branch to it
            Instruction last = call;
            Instruction first = Copy(body[0], method.Module);
            call.OpCode = first.OpCode;
            call.Operand = first.Operand;
            foreach (Instruction next in body[1..].Select(instruction => Copy(instruction, method.Module)))
            {
                method.Body.GetILProcessor().InsertAfter(last, next);
                last = next;
            }
        }

        if (isLong)
        {
            method.Body.OptimizeMacros();
        }
    }

    private static Instruction Copy(Instruction instruction, ModuleDefinition module)
    {
        Instruction copy = CallingBody.Same(instruction);
        copy.Operand = instruction.Operand switch
        {
            FieldReference field => module.ImportReference(field),
            MethodReference method => module.ImportReference(method),
            TypeReference type => module.ImportReference(type),
            object operand => operand,
            null => null,
        };
        return copy;
    }

    /// <summary>What a method does with its arguments, if that is all it does.</summary>
    private static Instruction[]? Body(MethodDefinition method)
    {
        if (!method.HasBody || method.IsConstructor || method.Body.HasVariables || method.Body.HasExceptionHandlers
            || (!method.IsStatic && method.DeclaringType.IsValueType)
            || (method.IsVirtual && !method.IsFinal && !method.DeclaringType.IsSealed))
        {
            return null;
        }

        Instruction[] all = [.. method.Body.Instructions.Where(instruction => instruction.OpCode.Code != Code.Nop)];
        int arguments = method.Parameters.Count + (method.IsStatic ? 0 : 1);
        if (all.Length < arguments + 2 || all.Length > arguments + 1 + MostInstructions || all[^1].OpCode.Code != Code.Ret
            || method.Parameters.Any(parameter => parameter.ParameterType.IsByReference))
        {
            return null;
        }

        for (int i = 0; i < arguments; i++)
        {
            if (ArgumentOf(all[i]) != i)
            {
                return null;
            }
        }

        Instruction[] body = all[arguments..^1];
        return body.All(IsStraight) ? body : null;
    }

    private static int ArgumentOf(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldarg_0 => 0,
        Code.Ldarg_1 => 1,
        Code.Ldarg_2 => 2,
        Code.Ldarg_3 => 3,
        _ => -1,
    };

    private static bool IsStraight(Instruction instruction)
    {
        return instruction.OpCode.FlowControl is FlowControl.Next or FlowControl.Call
            && instruction.OpCode.OpCodeType != OpCodeType.Prefix
            && instruction.Operand is not (ParameterDefinition or VariableDefinition)
            && ArgumentOf(instruction) < 0;
    }

    /// <summary>About what an instruction takes in nanoCLR's form, where tokens are short.</summary>
    internal static int Bytes(Instruction instruction) => instruction.OpCode.Size + instruction.OpCode.OperandType switch
    {
        OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineString or OperandType.InlineTok => 2,
        OperandType.ShortInlineI => 1,
        OperandType.InlineI or OperandType.ShortInlineR => 4,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 0,
    };

    /// <summary>nanoCLR does not ask who reads and calls, but other runtimes do.</summary>
    private static void Open(TypeDefinition type)
    {
        type.Attributes = (type.Attributes & ~TypeAttributes.VisibilityMask) | (type.IsNested ? TypeAttributes.NestedPublic : TypeAttributes.Public);
        foreach (FieldDefinition field in type.Fields)
        {
            field.Attributes = (field.Attributes & ~FieldAttributes.FieldAccessMask) | FieldAttributes.Public;
        }

        foreach (MethodDefinition method in type.Methods.Where(method => !method.IsVirtual && !method.IsRuntimeSpecialName))
        {
            method.Attributes = (method.Attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Public;
        }
    }
}
