// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Trim;

/// <summary>
/// Puts what a method does in place of its call, where there is one call of it in all the program: the method's row goes, and so do the call,
/// the return, and the handing over of what the caller has at hand anyway. What was split into steps to be read is one piece to be run.
/// </summary>
/// <remarks>
/// Methods that something may dispatch to, or that catch, stay: what a handler guards must not grow. So do those of other assemblies: each
/// member that they name would be named once more.
/// </remarks>
public sealed class SingleCalls
{
    /// <summary>A frame of the runtime makes room for all locals, whether a call comes to them or not.</summary>
    private const int MostLocals = 32;

    /// <summary>More calls than any method has.</summary>
    private const int Many = 10000;

    private readonly Image _image;
    private readonly Dictionary<MethodDefinition, int> _uses = [];
    private readonly HashSet<MethodDefinition> _begun = [];
    private readonly HashSet<MethodDefinition> _done = [];

    private SingleCalls(Image image, Reachability reached)
    {
        _image = image;
        foreach (Instruction instruction in reached.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Instructions))
        {
            if ((instruction.Operand as MethodReference)?.Resolve() is MethodDefinition used)
            {
                // who makes a delegate of it may call it often
                bool isCall = ShortMethods.IsCall(instruction);
                _uses[used] = _uses.GetValueOrDefault(used) + (isCall ? 1 : Many);
            }
        }
    }

    /// <summary>
    /// Replaces calls.
    /// </summary>
    /// <param name="image">The assemblies, which are changed.</param>
    /// <param name="reached">What can be reached of them: a call from elsewhere does not count.</param>
    public static void Inline(Image image, Reachability reached)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(reached);
        var calls = new SingleCalls(image, reached);
        foreach (MethodDefinition method in reached.Changeable)
        {
            calls.Inline(method);
        }
    }

    private void Inline(MethodDefinition method)
    {
        if (!_begun.Add(method))
        {
            return;
        }

        // from the innermost outwards, so that each body is copied when it is whole
        List<(Instruction Call, MethodDefinition Called)> sites = [];
        foreach (Instruction call in method.Body.Instructions)
        {
            if ((call.Operand as MethodReference)?.Resolve() is MethodDefinition called && IsTaken(method, called))
            {
                Inline(called);
                if (_done.Contains(called))
                {
                    sites.Add((call, called));
                }
            }
        }

        if (sites.Count > 0)
        {
            method.Body.SimplifyMacros();
            var caller = new CallingBody(method.Body);
            foreach ((Instruction call, MethodDefinition called) in sites)
            {
                called.Body.SimplifyMacros();
                if (method.Body.Variables.Count + called.Body.Variables.Count + called.Parameters.Count < MostLocals)
                {
                    caller.Take(call, called);
                }

                called.Body.OptimizeMacros();
            }

            caller.Close();
            method.Body.OptimizeMacros();
        }

        _done.Add(method);
    }

    private bool IsTaken(MethodDefinition caller, MethodDefinition called)
    {
        return called.HasBody && IsWorthIt(called, _uses[called]) && called.Module == caller.Module && _image.IsOwn(called.DeclaringType) && called != _image.EntryPoint
            && !called.IsVirtual && !called.IsConstructor && (called.IsStatic || !called.DeclaringType.IsValueType)
            && !called.Body.HasExceptionHandlers && !called.Parameters.Any(parameter => parameter.ParameterType.IsByReference)
            && !called.Body.Variables.Any(local => local.VariableType.IsByReference || local.VariableType.IsPinned);
    }

    /// <summary>Whether the copies take no more room than the method and its calls: one call always does.</summary>
    private static bool IsWorthIt(MethodDefinition called, int uses)
    {
        if (uses == 1)
        {
            return true;
        }

        // an argument that the caller has not at hand is stored first
        int bytes = called.Body.Instructions.Sum(ShortMethods.Bytes) + called.Parameters.Count + (called.HasThis ? 1 : 0);
        return uses < Many && uses * (bytes - ShortMethods.CallBytes) <= ShortMethods.RowBytes + bytes;
    }
}
