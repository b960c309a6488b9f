// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Trim;

/// <summary>
/// Gives the members of an image short names. Names that code beneath calls, or that the runtime knows, stay.
/// </summary>
public sealed class ShortNames
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private readonly Image _image;
    private readonly Dictionary<string, string> _virtual = [];
    private readonly HashSet<string> _fixed = [];
    private readonly HashSet<string> _dispatched = [];
    private readonly List<(MemberReference Member, string Name)> _changes = [];

    private ShortNames(Image image)
    {
        _image = image;
    }

    private IEnumerable<TypeDefinition> Types => _image.Own.Where(module => !_image.IsWhole(module)).SelectMany(module => module.GetTypes()).Where(type => type.Name != "<Module>");

    /// <summary>
    /// Shortens the names of all types, methods and fields.
    /// </summary>
    /// <param name="image">The assemblies, which are changed.</param>
    public static void Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var names = new ShortNames(image);
        names.FindFixed();
        names.ChooseVirtual();
        names.ChooseOthers();
        names.Rename();
    }

    /// <summary>What the runtime, and classes and interfaces beneath, know by its name.</summary>
    private void FindFixed()
    {
        foreach (TypeDefinition type in Types)
        {
            var above = new Stack<TypeReference?>([type.BaseType, .. type.Interfaces.Select(implemented => implemented.InterfaceType)]);
            while (above.TryPop(out TypeReference? reference))
            {
                TypeDefinition? each = reference?.Resolve();
                if (each is null)
                {
                    continue;
                }

                if (!_image.IsOwn(each))
                {
                    _fixed.UnionWith(each.Methods.Where(method => method.IsVirtual).Select(method => method.Name));
                }

                above.Push(each.BaseType);
                foreach (InterfaceImplementation implemented in each.Interfaces)
                {
                    above.Push(implemented.InterfaceType);
                }
            }

            if (type.IsEnum || Reachability.IsDelegate(type))
            {
                _fixed.UnionWith(type.Methods.Select(method => method.Name));
                _fixed.UnionWith(type.Fields.Select(field => field.Name));
            }

            _fixed.UnionWith(type.Methods.Where(method => method.IsRuntimeSpecialName).Select(method => method.Name));
        }

        foreach (TypeDefinition type in _image.Own.Where(_image.IsWhole).SelectMany(module => module.GetTypes()))
        {
            _fixed.Add(type.Name);
            _fixed.UnionWith(type.Methods.Select(method => method.Name));
        }

        if (_image.EntryPoint is MethodDefinition entry)
        {
            _fixed.Add(entry.Name);
        }
    }

    /// <summary>What overrides must go by the same name as what it overrides, and nothing else by that.</summary>
    private void ChooseVirtual()
    {
        int number = 0;
        foreach (MethodDefinition method in Types.SelectMany(type => type.Methods).Where(method => method.IsVirtual && !_fixed.Contains(method.Name)))
        {
            if (!_virtual.TryGetValue(method.Name, out string? name))
            {
                name = Next(ref number, _fixed);
                _virtual.Add(method.Name, name);
                _dispatched.Add(name);
            }

            _changes.Add((method, name));
        }
    }

    /// <summary>The others are told apart within their type alone, so that all types have the same few names.</summary>
    private void ChooseOthers()
    {
        HashSet<string> taken = [.. _fixed, .. _dispatched];
        int typeNumber = 0;
        foreach (TypeDefinition type in Types)
        {
            if (!_fixed.Contains(type.Name))
            {
                _changes.Add((type, Next(ref typeNumber, _fixed)));
            }

            int number = 0;
            foreach (MethodDefinition method in type.Methods.Where(method => !method.IsVirtual && !_fixed.Contains(method.Name)))
            {
                _changes.Add((method, Next(ref number, taken)));
            }

            number = 0;
            foreach (FieldDefinition field in type.Fields.Where(field => !_fixed.Contains(field.Name)))
            {
                _changes.Add((field, Next(ref number, _fixed)));
            }
        }
    }

    private void Rename()
    {
        Dictionary<MemberReference, string> names = _changes.ToDictionary(change => change.Member, change => change.Name);

        // references are looked up by name: first find what they stand for, while the definitions have their names
        foreach (ModuleDefinition module in _image.Own)
        {
            foreach (MemberReference reference in module.GetTypeReferences().Concat(module.GetMemberReferences()))
            {
                IMemberDefinition? definition = reference.Resolve();
                if (definition is MemberReference member && names.TryGetValue(member, out string? name) && reference is not IMemberDefinition)
                {
                    _changes.Add((reference, name));
                }
            }
        }

        foreach ((MemberReference member, string name) in _changes)
        {
            member.Name = name;
            if (member is TypeReference type && !type.IsNested)
            {
                // a name is one of a kind in the image
                type.Namespace = string.Empty;
            }
        }
    }

    private static string Next(ref int number, HashSet<string> taken)
    {
        string name;
        do
        {
            name = Spell(number++);
        }
        while (taken.Contains(name));
        return name;
    }

    private static string Spell(int number)
    {
        string name = string.Empty;
        do
        {
            name = Letters[number % Letters.Length] + name;
            number = (number / Letters.Length) - 1;
        }
        while (number >= 0);

        return name;
    }
}
