// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Threading;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Xunit.Abstractions;

namespace HostTests.SystemNet.Threads;

/// <summary>
/// <c>Thread.Abort</c>, which nanoFramework's WebServer uses to stop: wherever it meets a thread, the lock is free afterwards, and nothing is left behind.
/// </summary>
[Collection(NetworkCollection.Name)]
public sealed class AbortTests(ITestOutputHelper output)
{
    /// <summary>Names how many of the instructions of each kind of call are tried, in place of some: ALL for each.</summary>
    private const string CountVariable = "ABORT_INSTRUCTIONS";
    private const int Some = 25;

    private static readonly Lazy<InstrumentedAssemblies> s_copy = new(() => new InstrumentedAssemblies());

    public static TheoryData<string> Kinds => [.. AbortPlay.Kinds];

    /// <summary>Gets the copy in which each instruction calls back.</summary>
    internal static InstrumentedAssemblies Copy => s_copy.Value;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Where_a_thread_could_lose_the_processor(string kind)
    {
        int tried = 0;
        int point = 1;
        while (AbortPlay.Play(kind, point, 0)[1] != 0)
        {
            tried++;
            point += 1 + (point / 20);
        }

        output.WriteLine($"{tried} places, the last one {point}");
        Assert.InRange(tried, 2, int.MaxValue);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Between_two_instructions(string kind)
    {
        InstrumentedAssemblies copy = s_copy.Value;
        int count = Play(copy, kind, 0)[0];
        string? named = Environment.GetEnvironmentVariable(CountVariable);
        int tries = named == "ALL" ? count : named == null ? Some : int.Parse(named, System.Globalization.CultureInfo.InvariantCulture);
        int step = Math.Max(1, count / tries);
        List<string> wrong = [];
        for (int at = 1 + (kind.Length % step); at <= count; at += step)
        {
            try
            {
                Assert.Equal(1, Play(copy, kind, at)[1]);
            }
            catch (Exception exception)
            {
                string place = (string)copy.Call(typeof(AbortPlay), "get_" + nameof(AbortPlay.Place))!;
                wrong.Add($"{at}, in {place}: {exception.Message}");
            }
        }

        output.WriteLine($"{count} instructions");
        Assert.True(wrong.Count(w => !IsHelpless(w)) == 0, $"{wrong.Count} of {count}:\n{string.Join("\n", wrong)}");

        // a place each time that a socket is made
        Assert.InRange(wrong.Count, 0, 3);
    }

    /// <summary>Between the stack's call that makes a descriptor and the instruction that stores its number nobody can be told of it.</summary>
    private static bool IsHelpless(string wrong) =>
        (wrong.Contains("SocketHost.Open:", StringComparison.Ordinal) || wrong.Contains("SocketHost.TryAccept:", StringComparison.Ordinal)) && wrong.EndsWith("is kept", StringComparison.Ordinal);

    /// <summary>No call in between, not even one that cannot fail: the next instruction is the block's first.</summary>
    [Fact]
    public void Who_takes_the_lock_gives_it_back_in_a_finally()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(typeof(TcpIp.Threading.SocketHost).Assembly.Location);
        int found = 0;
        foreach (MethodDefinition method in module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody && m.Name != "Enter"))
        {
            foreach (Instruction call in method.Body.Instructions.Where(i => Calls(i, "Enter")))
            {
                found++;
                Instruction next = call.Next;
                while (next.OpCode == OpCodes.Nop)
                {
                    next = next.Next;
                }

                ExceptionHandler? handler = method.Body.ExceptionHandlers.FirstOrDefault(h => h.HandlerType == ExceptionHandlerType.Finally && Skip(h.TryStart) == next);
                Assert.True(handler != null, method.FullName);
                IEnumerable<Instruction> body = method.Body.Instructions.SkipWhile(i => i != handler.HandlerStart).TakeWhile(i => i != handler.HandlerEnd);
                Assert.True(body.Count(i => Calls(i, "Leave")) == 1, method.FullName);
            }
        }

        Assert.InRange(found, 30, int.MaxValue);
    }

    private static Instruction Skip(Instruction instruction)
    {
        while (instruction.OpCode == OpCodes.Nop)
        {
            instruction = instruction.Next;
        }

        return instruction;
    }

    private static bool Calls(Instruction instruction, string name) =>
        instruction.Operand is MethodReference { DeclaringType.Name: "HostThreads" or "StackOwner" } method && method.Name == name;

    private static int[] Play(InstrumentedAssemblies copy, string kind, int instruction) => (int[])copy.Call(typeof(AbortPlay), nameof(AbortPlay.Play), kind, 0, instruction)!;
}
