// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace HostTests.SystemNet;

/// <summary>
/// The order in which the metadata processor numbers an assembly's methods, and the checksum that it makes of them: the firmware's table of
/// native code is laid out by the one and guarded by the other.
/// </summary>
internal sealed class NativeTable
{
    private const uint Polynomial = 0x04C11DB7;

    private static readonly Dictionary<string, string> s_short = new()
    {
        ["System.Void"] = "VOID",
        ["System.Boolean"] = "BOOLEAN",
        ["System.Byte"] = "U1",
        ["System.SByte"] = "I1",
        ["System.Int16"] = "I2",
        ["System.UInt16"] = "U2",
        ["System.Int32"] = "I4",
        ["System.UInt32"] = "U4",
        ["System.Int64"] = "I8",
        ["System.UInt64"] = "U8",
        ["System.Char"] = "CHAR",
        ["System.String"] = "STRING",
        ["System.Object"] = "OBJECT",
    };

    private readonly ModuleDefinition _module;
    private readonly HashSet<TypeDefinition> _seen = [];
    private readonly List<TypeDefinition> _types = [];

    /// <summary>Lays the methods of a module out. Namespaces that stand in for other assemblies are left out.</summary>
    public NativeTable(ModuleDefinition module)
    {
        _module = module;
        foreach (TypeDefinition type in module.GetTypes().Where(t => t.FullName != "<Module>" && t.Namespace != "System.IO").Order(Comparer<TypeDefinition>.Create(CompareNames)))
        {
            Add(type);
        }

        Methods = [.. _types.SelectMany(t => InOrder(t.Methods))];
        StaticFields = [.. _types.SelectMany(t => t.Fields.Where(f => f.IsStatic && !f.IsLiteral))];
    }

    /// <summary>Gets the methods, each at its index.</summary>
    public MethodDefinition[] Methods { get; }

    /// <summary>Gets the static fields, each at its index.</summary>
    public FieldDefinition[] StaticFields { get; }

    /// <summary>Whether a method is native: it has no body, and it is not abstract.</summary>
    public static bool IsNative(MethodDefinition method) => method.IsInternalCall;

    /// <summary>A CRC-32 over all methods from the first native one on. A delegate's methods are the runtime's, and count for nothing.</summary>
    public uint Checksum(string assembly)
    {
        uint crc = 0;
        bool begun = false;
        foreach (MethodDefinition method in _types.Where(t => t.BaseType?.FullName != "System.MulticastDelegate").SelectMany(t => InOrder(t.Methods)))
        {
            if (IsNative(method))
            {
                // of the first one the metadata processor forgets all but the last part
                crc = Crc(begun ? Crc(Crc(crc, assembly), ClassName(method.DeclaringType)) : 0, Signature(method));
                begun = true;
            }
            else if (begun)
            {
                crc = Crc(crc, "NULL");
            }
        }

        return crc;
    }

    /// <summary>
    /// Letters count before case, and signs before letters, as a culture has it; ordinal order has capital letters first.
    /// </summary>
    private static int CompareNames(TypeDefinition a, TypeDefinition b)
    {
        int result = string.CompareOrdinal(a.FullName.ToLowerInvariant(), b.FullName.ToLowerInvariant());
        return result != 0 ? result : string.CompareOrdinal(b.FullName, a.FullName);
    }

    private static IEnumerable<MethodDefinition> InOrder(IEnumerable<MethodDefinition> methods) =>
        methods.OrderBy(m => m.IsVirtual ? 0 : m.IsStatic ? 2 : 1);

    private static string ClassName(TypeDefinition type) =>
        (type.DeclaringType == null ? $"{type.Namespace}_{type.Name}" : $"{ClassName(type.DeclaringType)}__{type.Name}").Replace('.', '_');

    private static string Signature(MethodDefinition method)
    {
        IEnumerable<string> types = method.Parameters.Select(p => p.ParameterType).Prepend(method.ReturnType).Select(Short);
        return $"{method.Name}{(method.IsStatic ? "___STATIC__" : "___")}{string.Join("__", types)}".Replace(".", "_", StringComparison.Ordinal);
    }

    // of an array of arrays only the innermost type is told, unless it is passed by reference
    private static string Short(TypeReference type) => type switch
    {
        ArrayType => $"SZARRAY_{Short(type.GetElementType())}",
        ByReferenceType { ElementType: ArrayType inner } => $"BYREF_SZARRAY_{Short(inner.ElementType)}",
        ByReferenceType reference => $"BYREF_{Short(reference.ElementType)}",
        _ => s_short.GetValueOrDefault(type.FullName) ?? type.FullName.Replace(".", string.Empty, StringComparison.Ordinal),
    };

    private static uint Crc(uint crc, string text)
    {
        foreach (byte value in Encoding.ASCII.GetBytes(text))
        {
            crc ^= (uint)value << 24;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ Polynomial : crc << 1;
            }
        }

        return crc;
    }

    /// <summary>
    /// In front of a type stand its declaring type, the interfaces of this module that it implements, and the types of this module that are
    /// results or parameters of the methods that its bodies call.
    /// </summary>
    private void Add(TypeDefinition type)
    {
        if (_seen.Contains(type))
        {
            return;
        }

        AddAll([type.DeclaringType, .. type.Interfaces.Select(i => i.InterfaceType)]);
        if (_seen.Add(type))
        {
            IEnumerable<MethodReference> called = type.Methods.Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<MethodReference>();
            AddAll(called.SelectMany(m => m.Parameters.Select(p => p.ParameterType).Prepend(m.ReturnType)));
            _types.Add(type);
        }
    }

    private void AddAll(IEnumerable<TypeReference?> types)
    {
        foreach (TypeReference? type in types)
        {
            if (type?.GetElementType() is TypeDefinition definition && definition.Module == _module && definition.Namespace != "System.IO")
            {
                Add(definition);
            }
        }
    }
}
