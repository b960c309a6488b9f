// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Trim;

/// <summary>
/// Locals for a body that is taken into another one: those of the bodies that were taken in before are over, and serve again.
/// </summary>
/// <param name="body">Who takes it in.</param>
/// <param name="own">How many locals that had itself.</param>
internal sealed class LocalPool(MethodBody body, int own)
{
    private readonly HashSet<VariableDefinition> _taken = [];

    /// <summary>Gets a local that nothing in the body has yet.</summary>
    internal VariableDefinition Take(TypeReference type)
    {
        VariableDefinition? free = body.Variables.Skip(own).FirstOrDefault(local => local.VariableType.FullName == type.FullName && !_taken.Contains(local));
        if (free == null)
        {
            free = new VariableDefinition(type);
            body.Variables.Add(free);
            body.InitLocals = true;
        }

        _taken.Add(free);
        return free;
    }
}
