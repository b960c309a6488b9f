// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace HostTests.Repository;

/// <summary>Who writes the fields of a compiled assembly.</summary>
internal static class FieldWriters
{
    private const string Backing = ">k__BackingField";
    private const string Counters = "Counters";

    /// <summary>How the names of methods begin that put an object back to its beginning, as its constructor does.</summary>
    private static readonly string[] s_beginnings = [".ctor", "Reset", "Clear"];

    /// <summary>
    /// The fields, by type, that have no single owner: more than one class writes them, or one of another folder. A property counts as the
    /// field behind it; a class that derives from the field's is not another. Counters may be written by their whole folder.
    /// </summary>
    public static SortedDictionary<string, SortedDictionary<string, string[]>> WithoutOwner(string path)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        return WithoutOwner(module.GetTypes());
    }

    /// <inheritdoc cref="WithoutOwner(string)"/>
    public static SortedDictionary<string, SortedDictionary<string, string[]>> WithoutOwner(IEnumerable<TypeDefinition> types)
    {
        SortedDictionary<string, SortedDictionary<string, string[]>> shared = new(StringComparer.Ordinal);
        foreach (IGrouping<FieldDefinition, TypeDefinition> field in types.SelectMany(type => type.Methods).SelectMany(Writes).ToLookup(w => w.Field, w => w.Writer))
        {
            TypeDefinition[] writers = [.. field.Distinct()];
            bool atHome = writers.All(writer => writer.Namespace == field.Key.DeclaringType.Namespace);
            if (!atHome || (writers.Length > 1 && !field.Key.DeclaringType.Name.EndsWith(Counters, StringComparison.Ordinal)))
            {
                string type = field.Key.DeclaringType.Name;
                shared.TryAdd(type, new SortedDictionary<string, string[]>(StringComparer.Ordinal));
                shared[type].Add(NameOf(field.Key), [.. writers.Select(writer => writer.Name).Order(StringComparer.Ordinal)]);
            }
        }

        return shared;
    }

    /// <summary>Who writes the fields of one type, by writer.</summary>
    public static SortedDictionary<string, string[]> Of(string path, string type)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(path);
        SortedDictionary<string, string[]> owners = new(StringComparer.Ordinal);
        foreach (IGrouping<string, string> owner in module.GetTypes().SelectMany(t => t.Methods).SelectMany(Writes)
            .Where(write => write.Field.DeclaringType.Name == type).ToLookup(write => write.Writer.Name, write => NameOf(write.Field)))
        {
            owners.Add(owner.Key, [.. owner.Distinct().Order(StringComparer.Ordinal)]);
        }

        return owners;
    }

    /// <summary>The fields of instances that a method writes, each with its class, or with the field's if it derives from that.</summary>
    private static IEnumerable<(FieldDefinition Field, TypeDefinition Writer)> Writes(MethodDefinition method)
    {
        if (!method.HasBody)
        {
            yield break;
        }

        foreach (FieldDefinition field in method.Body.Instructions.Select(Written).OfType<FieldDefinition>())
        {
            bool isOwn = IsOwn(method.DeclaringType, field.DeclaringType);
            bool isBeginning = isOwn && s_beginnings.Any(name => method.Name.StartsWith(name, StringComparison.Ordinal));
            bool isSetter = method.IsSetter && BehindSetter(method) == field;
            if (!isBeginning && !isSetter)
            {
                yield return (field, isOwn ? field.DeclaringType : method.DeclaringType);
            }
        }
    }

    /// <summary>The field that an instruction writes, or hands out to be written.</summary>
    private static FieldDefinition? Written(Instruction instruction)
    {
        return instruction.OpCode.Code switch
        {
            Code.Stfld or Code.Ldflda => instruction.Operand as FieldDefinition,
            Code.Call or Code.Callvirt => instruction.Operand is MethodDefinition { IsSetter: true } setter ? BehindSetter(setter) : null,
            _ => null,
        };
    }

    private static FieldDefinition? BehindSetter(MethodDefinition setter)
    {
        return setter.DeclaringType.Fields.FirstOrDefault(field => field.Name == $"<{setter.Name[4..]}{Backing}");
    }

    private static string NameOf(FieldDefinition field) => field.Name.EndsWith(Backing, StringComparison.Ordinal) ? field.Name[1..^Backing.Length] : field.Name;

    private static bool IsOwn(TypeDefinition writer, TypeDefinition owner)
    {
        for (TypeDefinition? type = writer; type != null; type = type.BaseType as TypeDefinition)
        {
            if (type == owner)
            {
                return true;
            }
        }

        return false;
    }
}
