// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace HostTests.ZeroAllocation.Walk;

/// <summary>
/// Follows every call that can be made from some entry points and reports each instruction that allocates on nanoCLR.
/// </summary>
/// <remarks>
/// Static constructors are not followed: nanoCLR runs all of them when it has loaded the assemblies, before the program starts,
/// so what they allocate is start-up. Everything else that cannot be followed (delegates, function pointers, framework methods
/// that are not known to be free, generics) is itself reported, so that a silence means something.
/// </remarks>
internal sealed class AllocationWalker
{
    private readonly AssemblySet _assemblies;
    private readonly DispatchTable _dispatch;
    private readonly Queue<Step> _queue = new();
    private readonly WalkResult _result = new();
    private readonly Func<MethodDefinition, bool> _isBarrier;

    private AllocationWalker(AssemblySet assemblies, Func<MethodDefinition, bool> isBarrier)
    {
        _assemblies = assemblies;
        _dispatch = new DispatchTable(assemblies);
        _isBarrier = isBarrier;
    }

    /// <summary>Walks.</summary>
    /// <param name="assemblies">What is walked.</param>
    /// <param name="entryPoints">Where it begins.</param>
    /// <param name="isBarrier">Methods that are not entered, to find out what is reached without them.</param>
    public static WalkResult Walk(
        AssemblySet assemblies, IEnumerable<MethodDefinition> entryPoints, Func<MethodDefinition, bool>? isBarrier = null)
    {
        AllocationWalker walker = new(assemblies, isBarrier ?? (_ => false));
        foreach (MethodDefinition entryPoint in entryPoints)
        {
            walker.Reach(entryPoint, null, null);
        }

        // first in, first out: the first way to a method is a shortest one
        while (walker._queue.TryDequeue(out Step? step))
        {
            walker.Visit(step);
        }

        return walker._result;
    }

    private void Reach(MethodDefinition method, Step? caller, MethodReference? called)
    {
        if (_isBarrier(method) || _result.Reached.ContainsKey(method))
        {
            return;
        }

        Step step = new(method, caller, called);
        _result.Reached.Add(method, step);
        _queue.Enqueue(step);
    }

    private void Visit(Step step)
    {
        MethodDefinition method = step.Method;
        foreach (string what in InstructionRules.CheckSignature(method))
        {
            Report(what, step, null);
        }

        if (!method.HasBody)
        {
            if (!method.IsAbstract)
            {
                Report("has no IL: native code that is not known to be free", step, null);
            }

            return;
        }

        _result.TryBlocks += method.Body.ExceptionHandlers.Select(handler => handler.TryStart).Distinct().Count();
        foreach (Instruction instruction in method.Body.Instructions)
        {
            _result.Instructions++;
            if (InstructionRules.Check(instruction) is { } what)
            {
                Report(what, step, instruction);
            }
            else if (instruction.Operand is MethodReference called)
            {
                Follow(called, step, instruction);
            }
        }
    }

    private void Follow(MethodReference called, Step step, Instruction site)
    {
        MethodDefinition? target = called.Resolve();
        bool isNew = site.OpCode.Code == Code.Newobj;
        if (isNew)
        {
            Report((NanoTypes.IsDelegate(target?.DeclaringType) ? "new delegate " : "new ") + called.DeclaringType, step, site);
        }

        if (target == null)
        {
            Report("call of " + called + ", which cannot be found", step, site);
        }
        else if (NanoTypes.IsDelegate(target.DeclaringType))
        {
            if (!isNew)
            {
                Report("call of delegate " + called.DeclaringType + ": its target cannot be followed", step, site);
            }
        }
        else
        {
            FollowTarget(target, called, step, site);
        }
    }

    private void FollowTarget(MethodDefinition target, MethodReference called, Step step, Instruction site)
    {
        Code code = site.OpCode.Code;
        if (called is GenericInstanceMethod || called.DeclaringType is GenericInstanceType)
        {
            Report("call of generic " + called, step, site);
        }

        bool isWalked = _assemblies.Contains(target);
        if (isWalked && !target.IsAbstract)
        {
            Reach(target, step, called);
        }
        else if (!isWalked && code != Code.Newobj)
        {
            // a constructor of the framework's is said to be there by its newobj
            CheckFramework(target, step, site);
        }

        // "call" of a virtual method is what "base.Method()" compiles to, and goes to that one method alone
        if (target.IsVirtual && code is Code.Callvirt or Code.Ldvirtftn)
        {
            IReadOnlyCollection<MethodDefinition> implementations = _dispatch.Implementations(target);
            foreach (MethodDefinition implementation in implementations.Where(_assemblies.Contains))
            {
                Reach(implementation, step, called);
            }

            if (isWalked && target.IsAbstract && !implementations.Any(m => _assemblies.Contains(m) && !m.IsAbstract))
            {
                _result.OpenCalls.Add(Violation.Name(target));
            }
        }
    }

    private void CheckFramework(MethodDefinition target, Step step, Instruction site)
    {
        if (FrameworkCalls.IsAllowed(target))
        {
            _result.AllowedCalls[target.FullName] = _result.AllowedCalls.GetValueOrDefault(target.FullName) + 1;
        }
        else if (target.DeclaringType.FullName == "System.String")
        {
            Report("string method " + target.Name, step, site);
        }
        else
        {
            Report("framework call that is not known to be free: " + target.FullName, step, site);
        }
    }

    private void Report(string what, Step step, Instruction? site) => _result.Violations.Add(new Violation(what, step, site));
}
