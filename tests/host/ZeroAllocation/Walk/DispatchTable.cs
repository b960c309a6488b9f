// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;

namespace HostTests.ZeroAllocation.Walk;

/// <summary>
/// Class hierarchy analysis: which methods a virtual or interface call can end in, judged by what types there are and not by
/// which of them are ever made. It finds too many rather than too few.
/// </summary>
internal sealed class DispatchTable
{
    private static readonly IReadOnlyCollection<MethodDefinition> s_none = [];

    private readonly Dictionary<MethodDefinition, HashSet<MethodDefinition>> _implementations = [];

    public DispatchTable(AssemblySet assemblies)
    {
        foreach (TypeDefinition type in assemblies.Types)
        {
            AddOverrides(type);
            if (!type.IsInterface)
            {
                AddInterfaces(type);
            }
        }
    }

    /// <summary>Methods of the walked assemblies, other than the called one itself, that a virtual call can end in.</summary>
    public IReadOnlyCollection<MethodDefinition> Implementations(MethodDefinition called) =>
        _implementations.TryGetValue(called, out HashSet<MethodDefinition>? found) ? found : s_none;

    private static IEnumerable<TypeDefinition> Bases(TypeDefinition type)
    {
        for (TypeDefinition? t = type.BaseType?.Resolve(); t != null; t = t.BaseType?.Resolve())
        {
            yield return t;
        }
    }

    private static HashSet<TypeDefinition> Interfaces(TypeDefinition type)
    {
        HashSet<TypeDefinition> all = [];
        foreach (TypeDefinition holder in Bases(type).Prepend(type))
        {
            Collect(holder, all);
        }

        return all;
    }

    private static void Collect(TypeDefinition type, HashSet<TypeDefinition> all)
    {
        foreach (InterfaceImplementation implementation in type.Interfaces)
        {
            if (implementation.InterfaceType.Resolve() is { } found && all.Add(found))
            {
                Collect(found, all);
            }
        }
    }

    private static bool SameSlot(MethodDefinition a, MethodDefinition b) =>
        a.Name == b.Name
        && a.Parameters.Count == b.Parameters.Count
        && a.Parameters.Zip(b.Parameters).All(pair => pair.First.ParameterType.FullName == pair.Second.ParameterType.FullName);

    private static MethodDefinition? FindImplementation(TypeDefinition type, MethodDefinition slot)
    {
        TypeDefinition[] chain = [type, .. Bases(type)];
        foreach (TypeDefinition holder in chain)
        {
            // an explicit implementation goes before one of the same name
            MethodDefinition? found = holder.Methods.FirstOrDefault(m => m.Overrides.Any(o => o.Resolve() == slot))
                ?? holder.Methods.FirstOrDefault(m => m.IsPublic && !m.IsStatic && SameSlot(m, slot));
            if (found != null)
            {
                return found;
            }
        }

        return null;
    }

    private void AddOverrides(TypeDefinition type)
    {
        foreach (MethodDefinition method in type.Methods.Where(m => m.IsVirtual))
        {
            foreach (MethodReference named in method.Overrides)
            {
                Add(named.Resolve(), method);
            }

            if (method.IsReuseSlot)
            {
                foreach (TypeDefinition ancestor in Bases(type))
                {
                    Add(ancestor.Methods.FirstOrDefault(m => m.IsVirtual && SameSlot(m, method)), method);
                }
            }
        }
    }

    private void AddInterfaces(TypeDefinition type)
    {
        foreach (MethodDefinition slot in Interfaces(type).SelectMany(t => t.Methods).Where(m => m.IsVirtual))
        {
            Add(slot, FindImplementation(type, slot));
        }
    }

    private void Add(MethodDefinition? slot, MethodDefinition? implementation)
    {
        if (slot == null || implementation == null || slot == implementation)
        {
            return;
        }

        if (!_implementations.TryGetValue(slot, out HashSet<MethodDefinition>? found))
        {
            _implementations.Add(slot, found = []);
        }

        found.Add(implementation);
    }
}
