// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace HostTests.ZeroAllocation.Walk;

/// <summary>What a single instruction or signature costs on nanoCLR. Calls are looked at by <see cref="AllocationWalker"/>.</summary>
/// <remarks>
/// Free, and so not listed: arithmetic on all widths, floating point too, array elements, fields, by-ref primitives, casts between
/// classes, <c>try</c> blocks with all their handlers and filters (only what is thrown costs). Not seen: what the runtime itself throws,
/// such as for an index out of range.
/// </remarks>
internal static class InstructionRules
{
    /// <summary>Says what is wrong with an instruction.</summary>
    /// <returns>A few words, or null if it allocates nothing.</returns>
    public static string? Check(Instruction instruction)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Newarr:
                return "new array of " + instruction.Operand;
            case Code.Box:
                return "boxes " + instruction.Operand;
            case Code.Ldstr:
                return "string literal \"" + instruction.Operand + "\": a new string each time";
            case Code.Ldtoken:
                return "ldtoken " + instruction.Operand;
            case Code.Initobj:
                return "initobj " + instruction.Operand;
            case Code.Throw:
            case Code.Rethrow:
                return "throws";
            case Code.Localloc:
                return "stackalloc";
            case Code.Calli:
            case Code.Jmp:
                return instruction.OpCode.Name + ": its target cannot be followed";
            case Code.Constrained:
                return "call on a value by way of " + instruction.Operand;
            case Code.Mkrefany:
            case Code.Refanytype:
            case Code.Refanyval:
            case Code.Arglist:
            case Code.Cpblk:
            case Code.Initblk:
                return instruction.OpCode.Name + ": nothing that nanoCLR is known to do for free";
            case Code.Unbox:
            case Code.Unbox_Any:
                // to a class it is a cast
                TypeReference target = (TypeReference)instruction.Operand;
                return target.IsValueType || target.IsGenericParameter ? "unboxes " + target : null;
            case Code.Ldobj:
            case Code.Stobj:
            case Code.Cpobj:
            case Code.Ldelema:
            case Code.Ldelem_Any:
            case Code.Stelem_Any:
                TypeReference element = (TypeReference)instruction.Operand;
                return NanoTypes.IsHeapValue(element) ? "handles a value of struct " + element : null;
            case Code.Ldfld:
            case Code.Ldflda:
            case Code.Ldsfld:
            case Code.Ldsflda:
            case Code.Stfld:
            case Code.Stsfld:
                FieldReference field = (FieldReference)instruction.Operand;
                return NanoTypes.IsHeapValue(field.FieldType) ? "field of struct " + field.FieldType : null;
            default:
                return null;
        }
    }

    /// <summary>Says what is wrong with a method's parameters, result and locals.</summary>
    public static IEnumerable<string> CheckSignature(MethodDefinition method)
    {
        if (method.HasGenericParameters || method.DeclaringType.HasGenericParameters)
        {
            yield return "is generic, which nanoCLR does not know and this walk does not follow";
        }

        if (method.HasThis && method.DeclaringType.IsValueType)
        {
            yield return "'this' of struct " + method.DeclaringType;
        }

        if (NanoTypes.IsHeapValue(method.ReturnType))
        {
            yield return "result of struct " + method.ReturnType;
        }

        foreach (ParameterDefinition parameter in method.Parameters.Where(p => NanoTypes.IsHeapValue(p.ParameterType)))
        {
            yield return "parameter of struct " + parameter.ParameterType;
        }

        if (method.HasBody)
        {
            foreach (VariableDefinition local in method.Body.Variables.Where(v => NanoTypes.IsHeapValue(v.VariableType)))
            {
                yield return "local of struct " + local.VariableType;
            }
        }
    }
}
