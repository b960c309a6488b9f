// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>Methods with one call each, in all shapes that compilers give them. Each case is told apart by its result.</summary>
public static class Calls
{
    /// <summary>What was done beside a result.</summary>
    internal static int s_effects;

    /// <summary>Names all cases, so that none is called from one place only.</summary>
    public static Func<int, int, int>[] Main() =>
    [
        SeveralReturns, Condition, NegatedCondition, TailReturn, StoredResult, DroppedResult, ChangedArgument, OrderOfArguments, MixedArguments,
        Addressed, OnTheStack, StraightOnTheStack, Nested, Sequence, SmallTypes, Recursive, Guarding, Guarded, Throwing, Choosing, Merged,
        Looping, OnThis, OnField, CalledTwice, Duplicated, EndsByThrowing, Unread, UnreadWithEffect, UnreadStatic, NothingTaken, NothingDone, ByReference,
        Dispatched, LongInTheMiddle, ConditionOfConstants, ReturnsBehindBranch, SameLocals, ArgumentOfLoop, Maybe, Increment, ThroughReference,
        ThroughReferenceOfArgument, Overwriting, KeptInLoop, MergedResult, ChoosingCalls,
        AskingForWhatIsNeverMade, AskingForWhatIsNeverMadeOtherwise, AskingForWhatIsMade, AskingForOneOfTwo, AskingWhoWasGiven, AskingForTheAnswer, CallingWhatIsNeverMade,
    ];

    private static int SeveralReturns(int a, int b)
    {
        s_effects = 0;
        Note(a, b);
        s_effects *= 3;
        return s_effects + b;
    }

    private static void Note(int a, int b)
    {
        if (a > b)
        {
            s_effects = 1;
            return;
        }

        if (a == b)
        {
            s_effects = 2;
            return;
        }

        s_effects = 4;
    }

    private static int Condition(int a, int b)
    {
        if (IsWild(a, b))
        {
            return a * 7;
        }

        return b - 1;
    }

    private static bool IsWild(int a, int b)
    {
        if (a < 0)
        {
            return true;
        }

        if (b < 0)
        {
            return false;
        }

        return (a & b) != 0;
    }

    private static int NegatedCondition(int a, int b)
    {
        int sum = 0;
        while (!IsOver(sum, a))
        {
            sum += 2 + (b & 1);
        }

        return sum;
    }

    private static bool IsOver(int sum, int most)
    {
        if (sum > 40)
        {
            return true;
        }

        return sum > most;
    }

    private static int TailReturn(int a, int b)
    {
        a ^= 5;
        return Sign(a - b);
    }

    private static int Sign(int difference)
    {
        if (difference == 0)
        {
            return 0;
        }

        return difference < 0 ? -1 : 1;
    }

    private static int StoredResult(int a, int b)
    {
        int first = Clamp(a, b);
        return (first * first) + first;
    }

    private static int Clamp(int a, int b)
    {
        if (a > 10)
        {
            return 10;
        }

        if (a < b)
        {
            return b;
        }

        return a;
    }

    private static int DroppedResult(int a, int b)
    {
        s_effects = a;
        Count(b);
        return s_effects;
    }

    private static int Count(int b)
    {
        if (b > 3)
        {
            return s_effects += 3;
        }

        return s_effects -= b;
    }

    private static int ChangedArgument(int a, int b) => (Halve(a) * 100) + a + b;

    private static int Halve(int x)
    {
        while (x > 10)
        {
            x /= 2;
        }

        return x;
    }

    private static int OrderOfArguments(int a, int b) => Subtract(a, a = b) + a;

    private static int Subtract(int x, int y) => x > y ? x - y : (y - x) * 2;

    private static int MixedArguments(int a, int b) => Mix(a, a * b, b, a + b) + Mix2(a + 1, b);

    private static int Mix(int p, int q, int r, int s)
    {
        int x = p + (2 * q);
        return x > 7 ? x + r : x - (s * r) + p;
    }

    private static int Mix2(int p, int q)
    {
        if (p == q)
        {
            return p;
        }

        return (p * 3) + q + p;
    }

    private static int Addressed(int a, int b)
    {
        int value = a;
        Raise(ref value, b);
        return Twice(value, Lower(ref value)) + value;
    }

    private static void Raise(ref int value, int by) => value += by > 4 ? 4 : by;

    private static int Lower(ref int value) => value -= value > 2 ? 5 : 1;

    private static int Twice(int x, int y) => x > 100 ? x : (x * 2) + y;

    private static int OnTheStack(int a, int b) => a + (b * Several(a, b));

    private static int Several(int a, int b)
    {
        if (a > b)
        {
            return a;
        }

        return b + 1;
    }

    private static int StraightOnTheStack(int a, int b) => a + (b * Straight(a, b));

    private static int Straight(int a, int b) => (a * a) + (b ^ 3) + (a << 2) + (b * 5);

    private static int Nested(int a, int b)
    {
        int sum = 0;
        for (int i = 0; i < 4; i++)
        {
            int outer = Outer(a + i, b);
            sum += outer;
        }

        return sum;
    }

    private static int Outer(int a, int b)
    {
        int found = 0;
        for (int i = 0; i < 3; i++)
        {
            int inner = Inner(a, i);
            if (inner > b)
            {
                found += inner;
            }
        }

        int last = Innermost(found, a);
        return last + found;
    }

    private static int Inner(int a, int i)
    {
        int x = a * i;
        int y = x > 3 ? x - 3 : x + 3;
        int z = Innermost2(x, y);
        return z + y;
    }

    private static int Innermost(int x, int y)
    {
        int z = x - y;
        return z < 0 ? -z : z;
    }

    private static int Innermost2(int x, int y)
    {
        int z = x ^ y;
        if (z > 9)
        {
            return 9;
        }

        return z;
    }

    private static int Sequence(int a, int b) => Second(First(a, b), a);

    private static int First(int a, int b)
    {
        int x = a + b;
        if (x > 5)
        {
            return x;
        }

        return x * 3;
    }

    private static int Second(int x, int a)
    {
        int y = x - a;
        int z = y * y;
        if (z > x)
        {
            return z + x;
        }

        return y + (x * 2);
    }

    private static int SmallTypes(int a, int b)
    {
        byte low = (byte)(a * 77);
        int word = LowWord((ushort)(a - b), (sbyte)(b * 99));
        return Low((byte)(a + (b * 300))) + word + low;
    }

    private static int Low(byte x)
    {
        x += 200;
        return x > 100 ? x : x + 1;
    }

    private static int LowWord(ushort x, sbyte y)
    {
        x--;
        if (y < 0)
        {
            return x - y;
        }

        return x + y;
    }

    private static int Recursive(int a, int b) => Factorial(a & 7) + b;

    private static int Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    private static int Guarding(int a, int b) => Divide(a, b) + 1;

    private static int Divide(int a, int b)
    {
        try
        {
            return a / b;
        }
        catch (DivideByZeroException)
        {
            return -7;
        }
    }

    private static int Guarded(int a, int b)
    {
        int result = 0;
        try
        {
            result = 1;
            result = Quotient(a, b);
            Note2(b);
        }
        catch (DivideByZeroException)
        {
            result += 50;
        }
        finally
        {
            result = Add(result, a);
        }

        return result;
    }

    private static int Quotient(int a, int b)
    {
        if (a == 3)
        {
            return 8;
        }

        return a / b;
    }

    private static void Note2(int b)
    {
        if (b < 0)
        {
            return;
        }

        s_effects = b;
    }

    private static int Add(int x, int y)
    {
        if (x > 1000)
        {
            return 1000;
        }

        return x + y;
    }

    private static int Throwing(int a, int b)
    {
        try
        {
            Refuse(a, b);
            return 1;
        }
        catch (ArgumentException)
        {
            return 2;
        }
    }

    private static void Refuse(int a, int b)
    {
        if (a > b)
        {
            throw new ArgumentException("more");
        }
    }

    private static int Choosing(int a, int b)
    {
        int chosen = Choose(a & 7, b);
        return chosen * 2;
    }

    private static int Choose(int which, int b)
    {
        switch (which)
        {
            case 0:
                return b;
            case 1:
                return b + 10;
            case 2:
                b += 5;
                break;
            case 3:
                return -b;
            case 4:
                b *= 3;
                break;
            default:
                return 99;
        }

        return b + 1;
    }

    private static int Merged(int a, int b) => Take(a > 0 ? a : b, b) + Take2(a, b > 0 ? a : 3);

    private static int Take(int x, int y) => x > y ? x : x + (2 * y);

    private static int Take2(int x, int y)
    {
        if (y > 2)
        {
            return x + y;
        }

        return x * y;
    }

    private static int Looping(int a, int b)
    {
        int n = 0;
        do
        {
            Step(ref n);
            Bump(b);
        }
        while (n < (a & 15));

        return n + s_effects;
    }

    private static void Step(ref int n) => n += 3;

    private static void Bump(int by)
    {
        if (by < 0)
        {
            s_effects = -1;
            return;
        }

        s_effects = by;
    }

    private static int OnThis(int a, int b) => new Box(a, b).Reckon(b);

    private static int OnField(int a, int b) => new Holder(new Box(b, a)).Ask(a);

    private static int CalledTwice(int a, int b)
    {
        int first = Small(a);
        int second = Small(b);
        return (second * 3) + first;
    }

    private static int Small(int x) => x > 2 ? x : 2;

    private static int Duplicated(int a, int b)
    {
        int x;
        int y = x = Third(a, b);
        x += y;
        return x - b;
    }

    private static int Third(int a, int b)
    {
        if (a == 1)
        {
            return b;
        }

        return (a + b) / 3;
    }

    private static int EndsByThrowing(int a, int b)
    {
        try
        {
            return Find(a, b);
        }
        catch (InvalidOperationException)
        {
            return -1;
        }
    }

    private static int Find(int a, int b)
    {
        for (int i = 0; i < 5; i++)
        {
            if (i * a == b)
            {
                return i;
            }
        }

        throw new InvalidOperationException();
    }

    private static int Unread(int a, int b)
    {
        Box box = new(a, b);
        box.Forget(b * 2);
        return box.Reckon2(a);
    }

    private static int UnreadWithEffect(int a, int b)
    {
        s_effects = a;
        Box box = new(a, b);
        box.ForgetEffect(b);
        return s_effects;
    }

    private static int UnreadStatic(int a, int b)
    {
        Box.s_forgotten = a + Count2(b);
        return s_effects;
    }

    private static int Count2(int b) => s_effects = b + 11;

    private static int NothingTaken(int a, int b)
    {
        s_effects = a;
        Four();
        return s_effects + b;
    }

    private static void Four()
    {
        if (s_effects > 4)
        {
            s_effects = 4;
            return;
        }

        s_effects += 2;
    }

    private static int NothingDone(int a, int b)
    {
        Nothing(a * b, Count3());
        return a + b + s_effects;
    }

    private static void Nothing(int x, int y)
    {
    }

    private static int Count3() => s_effects = 21;

    private static int ByReference(int a, int b)
    {
        int x = a;
        Exchange(ref x, ref b);
        return (x * 10) + b;
    }

    private static void Exchange(ref int x, ref int y) => (x, y) = (y, x);

    private static int Dispatched(int a, int b)
    {
        Base one = a > b ? new Derived() : new Base();
        return one.Tell(a) + Through(new Derived(), b);
    }

    private static int Through(ITell teller, int b) => teller.Tell(b);

    private static int LongInTheMiddle(int a, int b)
    {
        int sum = 0;
        for (int i = 0; i < 3; i++)
        {
            if (a > i)
            {
                sum += Much(a, b, i);
                continue;
            }

            sum--;
        }

        return sum;
    }

    private static int Much(int a, int b, int c)
    {
        int x = (a * 3) + (b * 5) + (c * 7) + (a * b) + (b * c) + (a * c) + (a * 11) + (b * 13) + (c * 17) + (a ^ b) + (b ^ c) + (a ^ c);
        int y = (a - 3) * (b - 5) * (c - 7);
        if (x > y)
        {
            return (x + y + (a * 19) + (b * 23) + (c * 29)) % 1001;
        }

        return (x - y + (a * 31) + (b * 37) + (c * 41)) % 1003;
    }

    private static int ConditionOfConstants(int a, int b)
    {
        int x = 0;
        if (a > 0 && Knows(b))
        {
            x = 1;
        }

        if (!KnowsNot(b))
        {
            x += 2;
        }

        return x;
    }

    private static bool Knows(int b)
    {
        if (b == 1)
        {
            return false;
        }

        if (b == 2)
        {
            return true;
        }

        return b > 5 || b < -2;
    }

    private static bool KnowsNot(int b)
    {
        if (b > 3)
        {
            return false;
        }

        return true;
    }

    private static int ReturnsBehindBranch(int a, int b)
    {
        if (a > b)
        {
            Bump2(a);
        }

        return s_effects = b;
    }

    private static void Bump2(int a)
    {
        if (a < 0)
        {
            s_effects = 3;
            return;
        }

        s_effects = a;
    }

    private static int SameLocals(int a, int b)
    {
        int first = Squares(a & 3);
        int second = Cubes(b & 3);
        return (second * 1000) + first;
    }

    private static int Squares(int n)
    {
        int sum = 0;
        for (int i = 1; i <= n; i++)
        {
            sum += i * i;
        }

        return sum;
    }

    private static int Cubes(int n)
    {
        int sum = 1;
        for (int i = 1; i <= n; i++)
        {
            sum += i * i * i;
        }

        return sum;
    }

    private static int ArgumentOfLoop(int a, int b)
    {
        for (int i = 0; i < 3; i++)
        {
            a = Shift(a, i);
            b = Shift2(a, b);
        }

        return a + b;
    }

    private static int Shift(int a, int i)
    {
        if (i == 1)
        {
            return a;
        }

        return a + i + 1;
    }

    private static int Shift2(int a, int b)
    {
        a -= b;
        if (a < 0)
        {
            a = -a;
        }

        return a;
    }

    private static int Maybe(int a, int b)
    {
        s_effects = 0;
        BumpIf(a, b);
        BumpIf(b, a);
        return s_effects;
    }

    private static void BumpIf(int a, int b)
    {
        if (a > b)
        {
            Bump3(a);
        }
    }

    private static void Bump3(int a)
    {
        if (a < 0)
        {
            s_effects += 3;
            return;
        }

        s_effects += a;
    }

    private static int Increment(int a, int b)
    {
        Box box = new(a, b);
        return IncrementOf(box) + box.Reckon3();
    }

    private static int IncrementOf(Box box)
    {
        box.Number++;
        return box.Number2;
    }

    private static int ThroughReference(int a, int b)
    {
        int value = a;
        ref int same = ref value;
        return Twice2(value, Lower(ref same)) + b;
    }

    private static int Twice2(int x, int y) => x > 100 ? x : (x * 2) + y;

    private static int ThroughReferenceOfArgument(int a, int b)
    {
        ref int same = ref a;
        return Twice3(a, Lower(ref same)) + b;
    }

    private static int Twice3(int x, int y) => x > 100 ? x : (x * 2) + y;

    private static int Overwriting(int a, int b)
    {
        int x = Overwrite(a * b, b);
        return x + a;
    }

    private static int Overwrite(int x, int y)
    {
        x = y;
        return y + 1;
    }

    private static int KeptInLoop(int a, int b)
    {
        int kept = a * b;
        do
        {
            b = Divide(kept, a--) + b;
        }
        while (a > 0);
        return b;
    }

    private static int MergedResult(int a, int b)
    {
        int taken = a > 0 ? Take3(a, b) : b;
        return (taken * taken) + taken;
    }

    private static int Take3(int a, int b)
    {
        if (a > b)
        {
            return 3;
        }

        return b - a;
    }

    private static int ChoosingCalls(int a, int b)
    {
        switch (a & 3)
        {
            case 0:
                return Choice0(b);
            case 1:
                return Choice1(b);
            case 2:
                s_effects = Choice2(b);
                break;
            case 3:
                s_effects = Choice3(a);
                break;
        }

        return s_effects + a;
    }

    private static int Choice0(int b) => b > 2 ? b : b + 7;

    private static int Choice1(int b) => b > 3 ? b : b + 9;

    private static int Choice2(int b) => b > 4 ? b : b + 11;

    private static int Choice3(int b) => b > 5 ? b : b + 13;

    private static int AskingForWhatIsNeverMade(int a, int b)
    {
        Owner owner = new(a, null, null);
        if (owner.Absent != null)
        {
            return owner.Absent.Ask(b);
        }

        return owner.Absent == null && owner.Contract == null ? a * 5 : LeftBehind(a);
    }

    /// <summary>It catches, so it would stay a method if something came to it.</summary>
    private static int LeftBehind(int a)
    {
        try
        {
            return 100 / a;
        }
        catch (DivideByZeroException)
        {
            return a;
        }
    }

    private static int AskingForWhatIsNeverMadeOtherwise(int a, int b)
    {
        Owner owner = new(a, null, null);
        Absent? absent = owner.Seek(b);
        while (absent == null && b > 0)
        {
            b -= 2;
            absent = owner.Seek(b);
        }

        return absent == null ? a - b : LeftBehind2(absent, a);
    }

    private static int LeftBehind2(Absent absent, int a)
    {
        try
        {
            return 100 / absent.Ask(a);
        }
        catch (DivideByZeroException)
        {
            return a;
        }
    }

    private static int AskingWhoWasGiven(int a, int b) => Given(null, a) + (b * Given(null, b));

    private static int Given(Absent? given, int a)
    {
        if (given != null)
        {
            return LeftBehind3(a);
        }

        return a - 7;
    }

    private static int LeftBehind3(int a)
    {
        try
        {
            return 100 / a;
        }
        catch (DivideByZeroException)
        {
            return a;
        }
    }

    private static int AskingForTheAnswer(int a, int b)
    {
        if (new Owner(a, null, null).Seek(b) != null)
        {
            return LeftBehind4(a);
        }

        return a - b;
    }

    private static int LeftBehind4(int a)
    {
        try
        {
            return 100 / a;
        }
        catch (DivideByZeroException)
        {
            return a;
        }
    }

    private static int AskingForWhatIsMade(int a, int b)
    {
        Owner owner = new(a, null, new Base());
        return (owner.Present != null && b > 0 ? owner.Present.Tell(a) : b) + (Maker.Make(b) != null ? 100 : 200);
    }

    private static int AskingForOneOfTwo(int a, int b)
    {
        Owner owner = new(a, null, new Base());
        return (b > 0 ? (object?)owner.Absent : owner.Present) != null ? a : b + 500;
    }

    private static int CallingWhatIsNeverMade(int a, int b)
    {
        Owner owner = new(a, null, null);
        try
        {
            return b > 3 ? owner.AskAbsent(b) : a;
        }
        catch (NullReferenceException)
        {
            return b + 1000;
        }
    }
}
