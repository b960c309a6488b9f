// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;

namespace HostTests.ZeroAllocation.Walk;

/// <summary>Which types nanoCLR puts on its heap wherever a value of them is held or passed on.</summary>
internal static class NanoTypes
{
    /// <summary>
    /// Whether a value of the type costs a heap object each time it is a local, an argument, a result or on the evaluation stack:
    /// each value type but the primitives and the enums, by-ref ones too. What cannot be found out counts as yes.
    /// </summary>
    public static bool IsHeapValue(TypeReference type)
    {
        TypeReference bare = type;
        while (bare is ByReferenceType or IModifierType or PinnedType)
        {
            bare = ((TypeSpecification)bare).ElementType;
        }

        switch (bare.MetadataType)
        {
            case MetadataType.Void:
            case MetadataType.Boolean:
            case MetadataType.Char:
            case MetadataType.SByte:
            case MetadataType.Byte:
            case MetadataType.Int16:
            case MetadataType.UInt16:
            case MetadataType.Int32:
            case MetadataType.UInt32:
            case MetadataType.Int64:
            case MetadataType.UInt64:
            case MetadataType.Single:
            case MetadataType.Double:
            case MetadataType.Class:
            case MetadataType.Object:
            case MetadataType.String:
            case MetadataType.Array:
                return false;

            case MetadataType.GenericInstance:
                return bare.IsValueType;

            case MetadataType.ValueType:
                // a DateTime is 64 bits that nanoCLR keeps in place, like a long: measured
                return bare.FullName != "System.DateTime" && bare.Resolve() is not { IsEnum: true };

            default:
                // native integers, pointers, type parameters, typed references: nothing that device code has a use for
                return true;
        }
    }

    /// <summary>Whether the type is a delegate.</summary>
    public static bool IsDelegate(TypeDefinition? type) =>
        IsDelegateName(type?.BaseType?.FullName) || IsDelegateName(type?.FullName);

    private static bool IsDelegateName(string? name) => name is "System.MulticastDelegate" or "System.Delegate";
}
