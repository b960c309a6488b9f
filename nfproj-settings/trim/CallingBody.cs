// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Trim;

/// <summary>
/// The body of a method that takes in those of methods that it calls. All of them are without short forms.
/// </summary>
internal sealed class CallingBody
{
    private readonly MethodBody _body;
    private readonly Dictionary<Instruction, int> _depths;
    private readonly int _ownLocals;

    internal CallingBody(MethodBody body)
    {
        _body = body;
        _depths = StackDepth.Before(body);
        _ownLocals = body.Variables.Count;
    }

    /// <summary>
    /// Puts the body of a method in place of a call, if it fits there.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="called">Whom it calls.</param>
    internal void Take(Instruction call, MethodDefinition called)
    {
        Instruction[] inner = [.. called.Body.Instructions];
        int count = called.Parameters.Count + (called.HasThis ? 1 : 0);
        if (!_depths.TryGetValue(call, out int depth))
        {
            return;
        }

        // the metadata processor takes the stack to be empty behind a branch
        bool isStraight = inner.Take(inner.Length - 1).All(instruction => instruction.OpCode.FlowControl is FlowControl.Next or FlowControl.Call) && inner[^1].OpCode.Code == Code.Ret;
        if (depth > count && !isStraight)
        {
            return;
        }

        HashSet<Instruction> targets = Retargeting.Targets(_body);
        Instruction next = call.Next;
        var locals = new LocalPool(_body, _ownLocals);
        Dictionary<VariableDefinition, VariableDefinition> variables = called.Body.Variables.ToDictionary(local => local, local => locals.Take(local.VariableType));
        List<Instruction> code = [];
        Instruction?[] loads = PassArguments(call, called, inner, count, targets, locals, code);

        // what comes behind the call is done where the method returns, if it is one instruction that nothing else comes to
        bool returnsValue = called.ReturnType.MetadataType != MetadataType.Void;
        bool isFollowed = !isStraight && (next.OpCode.Code == Code.Ret || (returnsValue && UsesResult(next) && !targets.Contains(next)));
        VariableDefinition? result = returnsValue && !isStraight && !isFollowed && inner.Count(i => i.OpCode.Code == Code.Ret) > 1 ? locals.Take(called.ReturnType) : null;
        Instruction end = result != null ? Instruction.Create(OpCodes.Ldloc, result) : next;
        HashSet<Instruction> innerTargets = [.. inner.SelectMany(StackDepth.Targets)];
        var copies = new Dictionary<Instruction, Instruction>();
        foreach (Instruction instruction in inner)
        {
            int begin = code.Count;
            if (instruction.OpCode.Code == Code.Ret)
            {
                bool isLast = instruction == inner[^1];
                if (isFollowed)
                {
                    AddFollowing(code, next, isLast, innerTargets.Contains(instruction));
                }
                else
                {
                    if (result != null)
                    {
                        code.Add(Instruction.Create(OpCodes.Stloc, result));
                    }

                    if (!isLast)
                    {
                        code.Add(Instruction.Create(OpCodes.Br, end));
                    }
                }

                if (begin == code.Count)
                {
                    // something may branch here
                    code.Add(Instruction.Create(OpCodes.Nop));
                }
            }
            else
            {
                code.Add(Copy(instruction, called, loads, variables));
            }

            copies.Add(instruction, code[begin]);
        }

        Retargeting.Move(code, target => copies.GetValueOrDefault(target, target));

        if (isFollowed && next.OpCode.Code != Code.Ret)
        {
            Clear(next);
        }

        if (result != null)
        {
            code.Add(end);
        }

        Put(call, code);
    }

    /// <summary>Takes out what does nothing.</summary>
    internal void Close()
    {
        for (int i = _body.Instructions.Count - 2; i >= 0; i--)
        {
            Instruction instruction = _body.Instructions[i];
            if (instruction.OpCode.Code == Code.Nop || (instruction.OpCode.Code == Code.Br && instruction.Operand == instruction.Next))
            {
                Retargeting.Remove(_body, instruction);
            }
        }
    }

    private static void Clear(Instruction instruction)
    {
        instruction.OpCode = OpCodes.Nop;
        instruction.Operand = null;
    }

    private static bool UsesResult(Instruction next) => next.OpCode.Code is Code.Stloc or Code.Starg or Code.Pop or Code.Brtrue or Code.Brfalse;

    /// <summary>
    /// Does at a return what the caller does with the result.
    /// </summary>
    private static void AddFollowing(List<Instruction> code, Instruction next, bool isLast, bool isTarget)
    {
        Instruction behind = next.Next;
        if (next.OpCode.Code is Code.Brtrue or Code.Brfalse)
        {
            Instruction whereTo = (Instruction)next.Operand;
            if (!isTarget && code.Count > 0 && code[^1].OpCode.Code == Code.Ldc_I4 && code[^1].Operand is int known)
            {
                // it is known which way it goes
                Clear(code[^1]);
                code.Add(Instruction.Create(OpCodes.Br, known != 0 == (next.OpCode.Code == Code.Brtrue) ? whereTo : behind));
                return;
            }

            code.Add(Instruction.Create(next.OpCode, whereTo));
        }
        else
        {
            code.Add(Same(next));
        }

        if (!isLast && next.OpCode.Code != Code.Ret)
        {
            code.Add(Instruction.Create(OpCodes.Br, behind));
        }
    }

    /// <summary>
    /// Says for each argument with which instruction it is loaded: where the caller has it at hand, as it is; else it gets a local.
    /// </summary>
    private Instruction?[] PassArguments(
        Instruction call, MethodDefinition called, Instruction[] inner, int count, HashSet<Instruction> targets, LocalPool locals, List<Instruction> code)
    {
        Instruction?[] loads = new Instruction?[count];
        Instruction?[] simple = FindSimple(call, count, targets);
        for (int i = count - 1; i >= 0; i--)
        {
            ParameterDefinition parameter = ParameterAt(called, i);
            int uses = inner.Count(instruction => instruction.OpCode.Code == Code.Ldarg && instruction.Operand == parameter);
            bool isChanged = inner.Any(instruction => instruction.OpCode.Code is Code.Starg or Code.Ldarga && instruction.Operand == parameter);
            if (simple[i] is Instruction load)
            {
                Instruction kept = Same(load);
                if (isChanged)
                {
                    VariableDefinition own = locals.Take(parameter.ParameterType);
                    code.Add(kept);
                    code.Add(Instruction.Create(OpCodes.Stloc, own));
                    kept = Instruction.Create(OpCodes.Ldloc, own);
                }

                loads[i] = kept;
                Clear(load);
            }
            else if (uses == 0 && !isChanged)
            {
                code.Add(Instruction.Create(OpCodes.Pop));
            }
            else
            {
                VariableDefinition own = locals.Take(parameter.ParameterType);
                code.Add(Instruction.Create(OpCodes.Stloc, own));
                loads[i] = Instruction.Create(OpCodes.Ldloc, own);
            }
        }

        return loads;
    }

    /// <summary>
    /// Finds the arguments that are a local, an argument or a small number, and remain what they are until the call.
    /// </summary>
    private Instruction?[] FindSimple(Instruction call, int count, HashSet<Instruction> targets)
    {
        Instruction?[] simple = new Instruction?[count];
        Instruction at = call;
        for (int i = count - 1; i >= 0 && !targets.Contains(at); i--)
        {
            int needed = 1;
            bool isFirst = true;
            while (needed > 0)
            {
                // what lies there twice is two arguments, or one and something else; nothing is stored between arguments without that
                at = at.Previous;
                if (at == null || at.OpCode.Code == Code.Dup || at.OpCode.FlowControl is not (FlowControl.Next or FlowControl.Call))
                {
                    return simple;
                }

                needed += StackDepth.Pops(at, _body.Method) - StackDepth.Pushes(at);
                if (isFirst && needed == 0 && IsSimple(at))
                {
                    simple[i] = at;
                }

                isFirst = false;
            }
        }

        return simple;
    }

    private bool IsSimple(Instruction instruction) => instruction.OpCode.Code switch
    {
        Code.Ldarg => !IsAddressed(instruction.Operand),
        Code.Ldloc => ((VariableDefinition)instruction.Operand).Index < _ownLocals && !IsAddressed(instruction.Operand),
        Code.Ldc_I4 => (int)instruction.Operand is >= -1 and <= sbyte.MaxValue,
        Code.Ldnull => true,
        _ => false,
    };

    private bool IsAddressed(object variable) => _body.Instructions.Any(instruction => instruction.OpCode.Code is Code.Ldloca or Code.Ldarga && instruction.Operand == variable);

    /// <summary>Makes an instruction that is the same as another one.</summary>
    internal static Instruction Same(Instruction instruction)
    {
        Instruction copy = Instruction.Create(OpCodes.Nop);
        copy.OpCode = instruction.OpCode;
        copy.Operand = instruction.Operand;
        return copy;
    }

    private static ParameterDefinition ParameterAt(MethodDefinition called, int index) =>
        !called.HasThis ? called.Parameters[index] : index == 0 ? called.Body.ThisParameter : called.Parameters[index - 1];

    private static Instruction Copy(Instruction instruction, MethodDefinition called, Instruction?[] loads, Dictionary<VariableDefinition, VariableDefinition> variables)
    {
        Instruction copy = Same(instruction);
        switch (instruction.Operand)
        {
            case ParameterDefinition parameter:
                Instruction load = loads[parameter == called.Body.ThisParameter ? 0 : parameter.Index + (called.HasThis ? 1 : 0)]!;
                copy.Operand = load.Operand;
                copy.OpCode = instruction.OpCode.Code switch
                {
                    Code.Ldarg => load.OpCode,
                    Code.Starg => OpCodes.Stloc,
                    _ => OpCodes.Ldloca,
                };
                break;
            case VariableDefinition local:
                copy.Operand = variables[local];
                break;
        }

        return copy;
    }

    /// <summary>Puts code in place of an instruction; the first takes its place, for something may branch to it.</summary>
    private void Put(Instruction call, List<Instruction> code)
    {
        Instruction first = code[0];
        Retargeting.Move(code, target => target == first ? call : target);

        call.OpCode = first.OpCode;
        call.Operand = first.Operand;
        int at = _body.Instructions.IndexOf(call);
        for (int i = 1; i < code.Count; i++)
        {
            _body.Instructions.Insert(at + i, code[i]);
        }
    }
}
