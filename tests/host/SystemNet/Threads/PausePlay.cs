// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Diagnostics;
using System.Reflection;
using HostTests.Stack.Threading;
using ours::System.Net.Sockets;
using TcpIp.Threading;
using Board = HostTests.Stack.Threading.VirtualBoard;

namespace HostTests.SystemNet.Threads;

/// <summary>
/// A thread that makes one kind of call and loses the processor somewhere in it, between two instructions, while another one waits and is let go, over and
/// over. There is one waiter for both. Nobody may wait for ever, and nothing may be left.
/// </summary>
internal static class PausePlay
{
    private const int Pause = 45;

    [ThreadStatic]
    private static bool s_isVictim;
    private static int s_instructions;
    private static int s_pauseAt;
    private static string s_method = string.Empty;
    private static VirtualWorld? s_world;

    /// <summary>Gets the method in which the thread lost the processor.</summary>
    public static string Place { get; private set; } = string.Empty;

    /// <summary>Plays.</summary>
    /// <param name="kind">The kind of call, of those that are aborted, too.</param>
    /// <param name="instruction">At which instruction the thread loses the processor, from 1 on; or 0.</param>
    /// <param name="method">The method whose instructions count; empty for all.</param>
    /// <returns>How many such instructions the thread has come to.</returns>
    public static int Play(string kind, int instruction, string method)
    {
        s_instructions = 0;
        s_pauseAt = instruction;
        s_method = method;
        InstrumentedAssemblies.Hook(Come);
        EthernetInterface? before = EthernetInterface.Current;
        try
        {
            Play(kind);
            return s_instructions;
        }
        finally
        {
            EthernetInterface.Current = before!;
        }
    }

    private static void Come()
    {
        if (s_isVictim && (s_method.Length == 0 || Method().Name == s_method) && ++s_instructions == s_pauseAt)
        {
            Place = $"{Method().DeclaringType!.Name}.{Method().Name}";
            long until = s_world!.Elapsed + Pause;
            s_world.Yield("no processor", () => s_world.Elapsed >= until, until);
        }
    }

    private static MethodBase Method() => new StackFrame(3).GetMethod()!;

    private static void Play(string kind)
    {
        using VirtualLan lan = new(5, Configure) { Strict = false };
        s_world = lan.World;
        AbortPlay.Bench bench = new(lan);
        MethodInfo call = typeof(AbortPlay.Calls).GetMethod(kind, BindingFlags.Public | BindingFlags.Static)!;
        lan.Start("peer", bench.Serve);
        lan.Start("other", () =>
        {
            EthernetInterface.Current = lan.A.Network;
            bench.Prepare();
            using Socket other = AbortPlay.Bench.Tcp();
            other.Connect(bench.Peer);
            VirtualThread victim = lan.Start("victim", () =>
            {
                s_isVictim = true;
                call.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [bench], null);
            });
            while (!victim.IsDone)
            {
                try
                {
                    other.Send(new byte[10]);
                    other.Receive(new byte[10]);
                }
                catch (SocketException)
                {
                    // its address was given up
                    Assert.Equal(nameof(AbortPlay.Calls.Addresses), kind);
                    lan.A.Threads.Sleep(20);
                }
            }

            bench.GoOn();
        });
        lan.World.Run(400000);
        foreach (Board board in new[] { lan.A, lan.B })
        {
            Assert.False(board.Threads.IsLocked, "the lock is kept");
            Assert.True(board.Network.Owner.Waiting == 0, "a waiter is kept");
            Assert.Equal(0, board.Network.Faults);
            Assert.True(board.Sockets.OpenHandles == 0, "a handle is kept");
            Invariants.Check(board.Network.Stack, board.Configuration.Stack);
            AbortPlay.Rest(lan, board.Network.Stack);
        }
    }

    private static void Configure(EthernetConfiguration configuration)
    {
        AbortPlay.Configure(configuration);
        configuration.Waiters = 1;
    }
}
