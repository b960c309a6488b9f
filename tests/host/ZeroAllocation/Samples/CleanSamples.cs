// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;

namespace HostTests.ZeroAllocation.Samples;

/// <summary>Code that allocates nothing on nanoCLR, and must not be reported.</summary>
internal static class CleanSamples
{
    private static readonly byte[] s_table = [1, 2, 3, 4];
    private static readonly ushort[] s_words = new ushort[8];
    private static readonly CleanWorker s_worker = new();
    private static long s_long;
    private static double s_double;
    private static object? s_object;

    public static int Everything(SpiDevice device, IQuietWorker worker, DayOfWeek day)
    {
        int sum = Loop(s_table) + Enum(day) + Guarded() + (int)Wide(1, 2, 3) + worker.Work() + s_worker.Count;
        Change(ref sum, out int other);
        Array.Copy(s_words, 0, s_words, 4, 4);
        device.Write(s_words);
        device.TransferFullDuplex(s_words, s_words);
        s_words[2] += (ushort)(sum + other);
        s_object = s_worker;
        return s_object is CleanWorker ? ((CleanWorker)s_object).Count : (int)Environment.TickCount64;
    }

    private static int Loop(byte[] bytes)
    {
        int sum = 0;
        foreach (byte b in bytes)
        {
            sum += b;
        }

        return sum;
    }

    private static int Enum(DayOfWeek day)
    {
        switch (day)
        {
            case DayOfWeek.Monday:
                return 1;
            case DayOfWeek.Tuesday:
                return 3;
            case DayOfWeek.Wednesday:
                return 7;
            default:
                return day > DayOfWeek.Friday ? 5 : 6;
        }
    }

    private static int Guarded()
    {
        try
        {
            return s_table[2];
        }
        catch (IndexOutOfRangeException) when (s_long > 3)
        {
            return -1;
        }
        finally
        {
            s_long++;
        }
    }

    private static double Wide(ulong a, long b, float c)
    {
        s_long = b * (long)a;
        s_double = (c * 2.5) + s_long;
        return s_double;
    }

    private static void Change(ref int sum, out int other)
    {
        other = sum++;
    }
}
