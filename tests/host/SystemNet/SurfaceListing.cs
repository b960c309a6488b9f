// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;

namespace HostTests.SystemNet;

/// <summary>What an assembly shows to others, in the words of Surface.txt: a block for each type, its members below it.</summary>
internal static class SurfaceListing
{
    /// <summary>The blocks of an assembly, by the names of the types. What is not System.Net's stands in for other assemblies of the device.</summary>
    public static SortedDictionary<string, SortedSet<string>> Of(string assembly)
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(assembly);
        SortedDictionary<string, SortedSet<string>> blocks = new(StringComparer.Ordinal);
        foreach (TypeDefinition type in module.GetTypes().Where(IsVisible).Where(t => t.Namespace != "System.IO" && !t.Namespace.EndsWith("Behaviours", StringComparison.Ordinal)))
        {
            blocks.Add(type.FullName, [Head(type), .. Fields(type), .. Methods(type), .. Properties(type), .. Events(type)]);
        }

        return blocks;
    }

    /// <summary>The blocks of a listing.</summary>
    public static SortedDictionary<string, SortedSet<string>> Read(string text)
    {
        SortedDictionary<string, SortedSet<string>> blocks = new(StringComparer.Ordinal);
        foreach (string block in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            blocks.Add(lines[0].Split(' ')[2], [.. lines]);
        }

        return blocks;
    }

    private static bool IsVisible(TypeDefinition type) => type.IsPublic || (type.IsNestedPublic && IsVisible(type.DeclaringType));

    private static bool IsVisible(MethodDefinition method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Head(TypeDefinition type)
    {
        IEnumerable<string> bases = type.Interfaces.Select(i => i.InterfaceType.FullName).Prepend(type.BaseType.FullName);
        string flags = type.CustomAttributes.Any(a => a.AttributeType.Name == "FlagsAttribute") ? " @Flags" : string.Empty;
        return $"type [{Flags(type.Attributes)}] {type.FullName} : {string.Join(", ", bases)}{flags}";
    }

    private static IEnumerable<string> Fields(TypeDefinition type) => type.Fields.Where(f => f.IsPublic || f.IsFamily)
        .Select(f => $"  field [{Flags(f.Attributes & ~FieldAttributes.HasDefault)}] {f.FieldType.FullName} {f.Name}{(f.IsLiteral ? " = " + f.Constant : string.Empty)}");

    private static IEnumerable<string> Methods(TypeDefinition type) => type.Methods.Where(IsVisible).Select(m =>
        $"  method [{Flags(m.Attributes)}] {m.ReturnType.FullName} {m.Name}({string.Join(", ", m.Parameters.Select(Parameter))})");

    private static string Parameter(ParameterDefinition parameter)
    {
        string text = $"{parameter.ParameterType.FullName} {parameter.Name}";
        return !parameter.HasConstant ? text
            : parameter.Constant is bool value ? $"{text} = {(value ? "true" : "false")}"
            : $"{text} = {parameter.Constant ?? "null"}";
    }

    private static IEnumerable<string> Properties(TypeDefinition type)
    {
        foreach (PropertyDefinition property in type.Properties)
        {
            bool get = property.GetMethod is { } getter && IsVisible(getter);
            bool set = property.SetMethod is { } setter && IsVisible(setter);
            if (get || set)
            {
                string index = property.HasParameters ? $"[{string.Join(", ", property.Parameters.Select(Parameter))}]" : string.Empty;
                yield return $"  property {property.PropertyType.FullName} {property.Name}{index} {{ {(get ? "get " : string.Empty)}{(set ? "set " : string.Empty)}}}";
            }
        }
    }

    private static IEnumerable<string> Events(TypeDefinition type) =>
        type.Events.Where(e => IsVisible(e.AddMethod)).Select(e => $"  event {e.EventType.FullName} {e.Name}");

    private static string Flags<T>(T flags)
        where T : struct, Enum => flags.ToString().Replace(", ", "|", StringComparison.Ordinal).Replace("NewSlot", "VtableLayoutMask", StringComparison.Ordinal);
}
