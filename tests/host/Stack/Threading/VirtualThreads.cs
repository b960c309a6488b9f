// Licensed under the MIT license. See LICENSE in the repository root.

using System.Threading;
using TcpIp.Threading;

namespace HostTests.Stack.Threading;

/// <summary>Lock, signals and time of one board in a <see cref="VirtualWorld"/>.</summary>
internal sealed class VirtualThreads : HostThreads
{
    private readonly VirtualWorld _world;
    private readonly string _board;
    private VirtualThread? _owner;
    private int _depth;

    public VirtualThreads(VirtualWorld world, string board)
    {
        _world = world;
        _board = board;
    }

    public bool IsLocked => _owner != null;

    public override void Enter()
    {
        if (!_world.IsRunning || _world.KeepsOut())
        {
            return;
        }

        if (_owner == _world.Current && _owner.IsBeingAborted)
        {
            // it was cut short before it gave the lock back: the runtime counts
            _depth++;
            return;
        }

        Assert.True(_owner != _world.Current, "the lock is not taken twice");
        _world.Yield("lock of " + _board, () => _owner == null);
        Assert.Null(_owner);
        _owner = _world.Current;

        // the runtime takes a lock from a thread that has ended
        _owner.Ended = () =>
        {
            if (_owner is { IsDone: true })
            {
                _owner = null;
                _depth = 0;
            }
        };
    }

    public override void Leave()
    {
        if (!_world.IsRunning)
        {
            return;
        }

        Assert.Same(_world.Current, _owner);
        if (_depth > 0)
        {
            _depth--;
            return;
        }

        _owner = null;
        _world.Yield("after the lock of " + _board, () => true);
    }

    public override int Now() => _world.Now;

    public override void Sleep(int milliseconds)
    {
        AssertUnlocked();
        long until = _world.Elapsed + milliseconds;
        _world.Yield("sleep", () => _world.Elapsed >= until, until);
    }

    public override HostSignal CreateSignal() => new VirtualSignal(_world, this);

    public override void Start(ThreadStart body, bool isUrgent) => _world.Start(_board, () => body(), serves: true);

    private void AssertUnlocked() => Assert.True(_owner != _world.Current || _owner.IsBeingAborted, "the lock is held across a wait");

    private sealed class VirtualSignal : HostSignal
    {
        private readonly VirtualWorld _world;
        private readonly VirtualThreads _threads;
        private bool _isSet;
        private int _waiters;

        public VirtualSignal(VirtualWorld world, VirtualThreads threads)
            : base(null)
        {
            _world = world;
            _threads = threads;
        }

        public override void Wait(int milliseconds)
        {
            _threads.AssertUnlocked();
            Assert.Equal(0, _waiters);
            _waiters++;
            try
            {
                _world.Yield("signal", () => _isSet, milliseconds < 0 ? null : _world.Elapsed + milliseconds);
            }
            finally
            {
                _waiters--;
            }

            _isSet = false;
        }

        public override void Set() => _isSet = true;
    }
}
