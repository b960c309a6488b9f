// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>Has fields that somebody reads, and fields that nobody does.</summary>
public sealed class Box
{
    internal static int s_forgotten;

    private readonly int _first;
    private readonly Box? _never;
    private int _second;
    private int _forgotten;
    private int _effect;
    private Box? _chain;

    internal Box(int first, int second)
    {
        _first = first;
        _second = second;
        _never = this;
        _chain = _never;
    }

    internal int Number
    {
        get
        {
            if (_first > 3)
            {
                return _second;
            }

            return _second * 2;
        }

        set
        {
            if (value < 0)
            {
                _second = 1;
                return;
            }

            _second = value;
        }
    }

    internal int Reckon3() => _first + _second;

    internal int Number2 => _second - _first;

    internal int Reckon(int by)
    {
        Raise(by);
        return _first + _second;
    }

    internal int Reckon2(int by) => _first - (_second * by);

    internal int Ask(int a)
    {
        if (a > _first)
        {
            return _second;
        }

        return _first + a;
    }

    internal void Forget(int value)
    {
        _forgotten = value > 3 ? value + _first : 2;
        _chain = null;
    }

    internal void ForgetEffect(int value) => _effect = Calls.s_effects += value;

    private void Raise(int by)
    {
        if (by > 3)
        {
            _second += 3;
            return;
        }

        _second += by;
    }
}
