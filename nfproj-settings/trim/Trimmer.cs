// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Collections.Generic;

namespace Trim;

/// <summary>
/// Takes out of an image what cannot be reached.
/// </summary>
public static class Trimmer
{
    /// <summary>
    /// Makes an image as small as it can be with its names.
    /// </summary>
    /// <param name="image">The assemblies, which are changed.</param>
    /// <returns>What is left.</returns>
    public static Reachability Trim(Image image)
    {
        NeverMade.Fold(image);
        ShortMethods.Inline(image);
        Counters.Remove(new Reachability(image));
        UnreadFields.Remove(image);
        SingleCalls.Inline(image, new Reachability(image));
        var reached = new Reachability(image);
        Tidying.Tidy(reached);
        Remove(image, reached);
        return reached;
    }

    /// <summary>
    /// Removes types, methods and fields that nothing reaches; and what says nothing to a board: properties, events, the names of
    /// constants.
    /// </summary>
    /// <param name="image">The assemblies, which are changed.</param>
    /// <param name="reached">What stays.</param>
    public static void Remove(Image image, Reachability reached)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(reached);

        // first, while they are all there to be found
        foreach (TypeDefinition type in image.Own.SelectMany(module => module.GetTypes()))
        {
            foreach (InterfaceImplementation implemented in type.Interfaces.ToArray())
            {
                if (implemented.InterfaceType.Resolve() is TypeDefinition contract && reached.IsUnreached(contract))
                {
                    type.Interfaces.Remove(implemented);
                }
            }
        }

        foreach (ModuleDefinition module in image.Own.Where(module => !image.IsWhole(module)))
        {
            Remove(module.Types, reached);
        }
    }

    private static void Remove(Collection<TypeDefinition> types, Reachability reached)
    {
        foreach (TypeDefinition type in types.ToArray())
        {
            if (type.Name == "<Module>")
            {
                continue;
            }

            if (!reached.Types.Contains(type))
            {
                types.Remove(type);
                continue;
            }

            type.Properties.Clear();
            type.Events.Clear();
            type.CustomAttributes.Clear();
            foreach (MethodDefinition method in type.Methods.Where(method => !reached.Methods.Contains(method)).ToArray())
            {
                type.Methods.Remove(method);
            }

            foreach (FieldDefinition field in type.Fields.Where(field => !reached.Fields.Contains(field)).ToArray())
            {
                type.Fields.Remove(field);
            }

            foreach (MethodDefinition method in type.Methods)
            {
                method.CustomAttributes.Clear();
            }

            foreach (FieldDefinition field in type.Fields)
            {
                field.CustomAttributes.Clear();
            }

            Remove(type.NestedTypes, reached);
        }
    }
}
