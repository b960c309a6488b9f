// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Benchmarks;

/// <summary>
/// The size of the .pe file that nanoFramework's metadata processor makes of an assembly, part by part. Tokens are shorter than in .NET,
/// equal strings and signatures are stored once, and there are no constants, properties or attributes.
/// </summary>
/// <param name="Code">Instructions and exception handlers.</param>
/// <param name="Strings">Names, and texts of the program.</param>
/// <param name="Methods">Rows of methods.</param>
/// <param name="Fields">Rows of fields.</param>
/// <param name="Types">Rows of types.</param>
/// <param name="Signatures">What methods, fields and locals are of, and the contents of arrays.</param>
/// <param name="References">Rows of what is of other assemblies.</param>
internal sealed record PeSize(int Code, int Strings, int Methods, int Fields, int Types, int Signatures, int References)
{
    /// <summary>The most bytes of code in an assembly: where a method begins is told in 16 bits, and one number says that it has no code.</summary>
    internal const int MostCode = 65535;

    /// <summary>A row of a method.</summary>
    internal const int MethodRow = 16;

    /// <summary>A row of a type.</summary>
    internal const int TypeRow = 24;

    private const int Header = 124;
    private const int FieldRow = 8;
    private const int AssemblyRow = 12;
    private const int ReferenceRow = 8;
    private const int HandlerBytes = 12;

    /// <summary>Types whose token takes one byte in a signature.</summary>
    private const int ShortTokens = 32;

    /// <summary>Names that nanoCLR has in a table of its own, of those that are met here: they are not stored again.</summary>
    private const string Known =
        ".cctor .ctor Abort Add Append ArgumentException ArgumentNullException ArgumentOutOfRangeException "
        + "AutoResetEvent Byte Char Check Clear Clone Close Concat Copy CopyTo DateTime Dequeue Empty Enqueue Enter Enum "
        + "Flags Flush Hash IDisposable IndexOf InitializeArray Int32 InvalidOperationException Join MakeRoom Next Object "
        + "ObjectDisposedException Parse Peek Read Recover Remove Replace Resume Round RuntimeFieldHandle RuntimeHelpers "
        + "SByte SendMessage Set Sleep Start StartsWith Stream String Substring System System.Runtime.CompilerServices "
        + "System.Threading Thread ToCharArray ToString Trim TryParse UInt16 UInt32 ValueType WaitHandle WaitOne Write "
        + "WriteByte X Y _message _random get_Capacity get_Chars get_Count get_Current get_ErrorCode get_Flags get_Length "
        + "get_Now get_Revision get_Start get_Ticks get_UtcNow index mscorlib next set_Length value value__ ";

    private static readonly HashSet<string> s_known = [.. Known.Split(' ')];

    /// <summary>Gets all of it.</summary>
    internal int Total => Header + Align(Code) + Align(Strings) + Methods + Fields + Types + Align(Signatures) + References;

    /// <summary>Sizes an assembly.</summary>
    /// <param name="module">What was compiled.</param>
    internal static PeSize Of(ModuleDefinition module)
    {
        TypeDefinition[] types = [.. module.GetTypes().Where(type => type.Name != "<Module>")];
        FieldDefinition[] fields = [.. types.SelectMany(type => type.Fields).Where(field => !field.HasConstant)];
        MethodDefinition[] methods = [.. types.SelectMany(type => type.Methods)];
        MemberReference[] members = [.. module.GetMemberReferences()];
        TypeReference[] others = [.. module.GetTypeReferences().Where(type => !type.FullName.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal) && !type.FullName.StartsWith("System.Diagnostics.", StringComparison.Ordinal) && !type.FullName.StartsWith("System.Reflection.", StringComparison.Ordinal))];
        members = [.. members.Where(member => others.Contains(member.DeclaringType))];
        HashSet<string> near = [.. types.OrderBy(type => type.FullName, StringComparer.Ordinal).Take(ShortTokens).Select(type => type.FullName)];
        int Bytes(TypeReference type) => BytesOf(type, near);
        HashSet<string> strings = [module.Assembly.Name.Name];
        HashSet<string> signatures = [];
        foreach (MemberReference member in types.Cast<MemberReference>().Concat(fields).Concat(methods).Concat(members).Concat(others))
        {
            strings.Add(member.Name);
        }

        strings.UnionWith(types.Select(type => type.Namespace).Concat(others.Select(type => type.Namespace)));
        strings.UnionWith(module.AssemblyReferences.Select(reference => reference.Name));
        strings.UnionWith(methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions).Select(instruction => instruction.Operand).OfType<string>());
        strings.ExceptWith(s_known);
        int signatureBytes = 0;
        void Add(string signature, int size)
        {
            signatureBytes += signatures.Add(signature) ? size : 0;
        }

        foreach (MethodReference method in methods.Concat(members.OfType<MethodReference>()))
        {
            TypeReference[] parts = [method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)];
            Add("m" + method.HasThis + string.Join(",", parts.Select(part => part.FullName)), 2 + parts.Sum(Bytes));
        }

        foreach (FieldReference field in fields.Concat(members.OfType<FieldReference>()))
        {
            Add("f" + field.FieldType.FullName, 1 + Bytes(field.FieldType));
        }

        foreach (FieldDefinition field in fields.Where(field => field.InitialValue.Length > 0))
        {
            Add("i" + Convert.ToHexString(field.InitialValue), 2 + field.InitialValue.Length);
        }

        foreach (MethodDefinition method in methods.Where(method => method.HasBody && method.Body.HasVariables))
        {
            Add("l" + string.Join(",", method.Body.Variables.Select(local => local.VariableType.FullName)), method.Body.Variables.Sum(local => Bytes(local.VariableType)));
        }

        return new PeSize(
            methods.Sum(CodeOf),
            strings.Sum(text => Encoding.UTF8.GetByteCount(text) + 1),
            methods.Length * MethodRow,
            fields.Length * FieldRow,
            types.Length * TypeRow,
            signatureBytes,
            (module.AssemblyReferences.Count * AssemblyRow) + ((members.Length + others.Length) * ReferenceRow));
    }

    /// <summary>The instructions of a method, in bytes.</summary>
    /// <param name="method">The method.</param>
    internal static int CodeOf(MethodDefinition method)
    {
        if (!method.HasBody)
        {
            return 0;
        }

        int handlers = method.Body.ExceptionHandlers.Count;
        return method.Body.Instructions.Sum(Bytes) + (handlers > 0 ? (handlers * HandlerBytes) + 1 : 0);
    }

    private static int Bytes(Instruction instruction) => instruction.OpCode.Size + instruction.OpCode.OperandType switch
    {
        OperandType.InlineSwitch => 1 + (2 * ((Instruction[])instruction.Operand).Length),
        OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineString or OperandType.InlineTok => 2,
        OperandType.InlineBrTarget or OperandType.InlineVar or OperandType.InlineArg => 2,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar or OperandType.ShortInlineArg => 1,
        OperandType.InlineI or OperandType.ShortInlineR => 4,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 0,
    };

    private static int BytesOf(TypeReference type, HashSet<string> near) => type switch
    {
        TypeSpecification specification => 1 + BytesOf(specification.ElementType, near),
        { IsPrimitive: true } or { FullName: "System.Void" or "System.String" or "System.Object" } => 1,
        _ => type.Resolve() is { IsEnum: true } ? 1 : near.Contains(type.FullName) ? 2 : 3,
    };

    private static int Align(int size) => (size + 3) & ~3;
}
