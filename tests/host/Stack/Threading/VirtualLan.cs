// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Threading;

namespace HostTests.Stack.Threading;

/// <summary>Boards with many threads, and a wire between them that loses, repeats, delays and so reorders frames, all from one seed.</summary>
internal sealed class VirtualLan : IDisposable
{
    private readonly VirtualBoard[] _boards;

    public VirtualLan(uint seed, Action<EthernetConfiguration>? configure = null, int boards = 2)
    {
        World = new VirtualWorld(seed);
        _boards = [.. Enumerable.Range(1, boards).Select(i => new VirtualBoard(World, i, configure))];
        World.Check = Check;
    }

    public VirtualWorld World { get; }

    public VirtualBoard A => _boards[0];

    public VirtualBoard B => _boards[1];

    public double Loss { get; set; }

    public double Duplication { get; set; }

    public int Delay { get; set; } = 2;

    public int Jitter { get; set; }

    /// <summary>Gets or sets a value indicating whether the stacks' invariants are looked at after each turn.</summary>
    public bool Strict { get; set; } = true;

    /// <summary>Gets or sets who sees each frame that is sent, and by whom.</summary>
    public Action<VirtualBoard, byte[]>? Tap { get; set; }

    /// <summary>Gets the frames that were sent.</summary>
    public int Frames { get; private set; }

    public void Dispose() => World.Dismiss();

    /// <summary>Starts a thread.</summary>
    public VirtualThread Start(string name, Action body) => World.Start(name, body);

    /// <summary>Runs until all threads have ended, and then until the stacks have come to rest; then nothing may be left behind.</summary>
    public void Run(long milliseconds, bool expectNothingLeft = true)
    {
        World.Run(milliseconds);
        foreach (VirtualBoard board in _boards)
        {
            Invariants.Check(board.Network.Stack, board.Configuration.Stack);
            Assert.True(board.Network.LastFault == null, $"{board.Network.LastFault}");
            if (expectNothingLeft)
            {
                Assert.Equal(0, board.Network.Owner.Waiting);
                Assert.Equal(0, board.Sockets.OpenHandles);
                Assert.DoesNotContain(board.Network.Stack.Tcp.Blocks, b => b.Attached);
                Assert.DoesNotContain(board.Network.Stack.Udp.Blocks, b => b.Attached);
            }
        }
    }

    /// <summary>A frame comes in.</summary>
    public void Deliver(VirtualBoard to, byte[] frame)
    {
        to.Interface.Deliver(frame);
        to.Controller.Interrupt();
    }

    private void Check()
    {
        foreach (VirtualBoard board in _boards)
        {
            while (board.Interface.HasOutbound)
            {
                Carry(board, board.Interface.TakeSent());
            }

            if (Strict && !board.Threads.IsLocked)
            {
                Invariants.Check(board.Network.Stack, board.Configuration.Stack);
            }
        }
    }

    private void Carry(VirtualBoard from, byte[] frame)
    {
        Frames++;
        Tap?.Invoke(from, frame);
        if (World.Random.Chance(Loss))
        {
            return;
        }

        int copies = World.Random.Chance(Duplication) ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            byte[] copy = new byte[Math.Max(frame.Length, 60)];
            frame.CopyTo(copy, 0);
            int delay = Delay + (Jitter > 0 ? World.Random.Below(Jitter) : 0);
            foreach (VirtualBoard to in _boards)
            {
                if (to != from)
                {
                    World.At(delay, () => Deliver(to, copy));
                }
            }
        }
    }
}
