// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>May have others, if somebody makes them.</summary>
/// <param name="number">A number.</param>
/// <param name="absent">What nobody makes.</param>
/// <param name="present">What somebody makes.</param>
public sealed class Owner(int number, Absent? absent, Base? present)
{
    internal readonly Absent? Absent = absent;
    internal readonly IAbsent? Contract = absent;
    internal readonly Base? Present = present;

    internal Absent? Seek(int a)
    {
        if (a > number)
        {
            return Absent;
        }

        return null;
    }

    internal int AskAbsent(int a)
    {
        Calls.s_effects = a;
        return Absent!.Ask(a) + number;
    }
}
