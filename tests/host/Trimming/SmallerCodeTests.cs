// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.Loader;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Trim;
using TrimSamples;

namespace HostTests.Trimming;

/// <summary>What is made smaller does what it did: samples are run before and after, and are shown to be smaller where they can be.</summary>
public sealed class SmallerCodeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("samples").FullName;
    private readonly AssemblyLoadContext _context = new("smaller");

    public SmallerCodeTests()
    {
        using Image image = Read();
        Trimmer.Trim(image);
        image.Write(_folder);
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Each_sample_has_the_same_result()
    {
        Func<int, int, int>[] before = Calls.Main();
        using MemoryStream code = new(File.ReadAllBytes(Written));
        var after = (Func<int, int, int>[])_context.LoadFromStream(code).GetType(typeof(Calls).FullName!)!.GetMethod(nameof(Calls.Main))!.Invoke(null, null)!;
        Assert.Equal(before.Length, after.Length);
        for (int i = 0; i < before.Length; i++)
        {
            for (int a = -6; a < 30; a++)
            {
                for (int b = -6; b < 12; b++)
                {
                    Assert.True(before[i](a, b) == after[i](a, b), $"{before[i].Method.Name}({a}, {b}) was {before[i](a, b)} and is {after[i](a, b)}");
                }
            }
        }
    }

    [Fact]
    public void What_is_called_once_goes()
    {
        string[] left = Left();
        Assert.All(
            [
                "Note", "IsWild", "IsOver", "Sign", "Clamp", "Count", "Halve", "Subtract", "Mix", "Twice", "Straight", "Outer", "Inner", "Innermost", "Innermost2", "First",
                "Second", "Low", "LowWord", "Quotient", "Note2", "Add", "Refuse", "Choose", "Take", "Bump", "Third", "Find", "Count2", "Four", "Nothing", "Count3", "Knows",
                "KnowsNot", "Bump2", "Squares", "Cubes", "Shift", "Shift2", "Reckon2", "Small",
            ],
            name => Assert.DoesNotContain(name, left));
    }

    [Fact]
    public void What_must_stay_stays()
    {
        // who catches, who calls itself, who is dispatched to, who gets references, and who has branches with something on the stack
        string[] left = Left();
        Assert.All(["Divide", "Factorial", "Tell", "Raise", "Lower", "Step", "Exchange", "Several"], name => Assert.Contains(name, left));
    }

    [Fact]
    public void A_field_that_nobody_reads_goes_and_what_its_value_did_is_still_done()
    {
        using Image image = Read(Written);
        string[] fields = [.. image.Program.GetType(typeof(Box).FullName!).Fields.Select(field => field.Name)];
        Assert.Equal(["_first", "_second"], fields.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_asked_of_what_nobody_makes_is_answered()
    {
        using Image image = Read(Written);
        string[] left = Left();
        Assert.All(["LeftBehind", "LeftBehind2", "LeftBehind3", "LeftBehind4"], name => Assert.DoesNotContain(name, left));
        Assert.DoesNotContain("Ask", image.Program.GetType(typeof(Absent).FullName!)?.Methods.Select(method => method.Name) ?? []);
        Assert.DoesNotContain("IAbsent", image.Program.GetTypes().Select(type => type.Name));
    }

    [Fact]
    public void Locals_serve_again()
    {
        using Image image = Read(Written);
        MethodDefinition method = image.Program.GetType(typeof(Calls).FullName!).Methods.Single(each => each.Name == "SameLocals");
        Assert.InRange(method.Body.Variables.Count, 1, 5);
    }

    /// <summary>It does not follow branches, and takes nothing to be left behind one that is always taken.</summary>
    [Fact]
    public void The_metadata_processor_finds_no_more_on_the_stack_at_branches_than_the_compiler_left()
    {
        using Image before = Read();
        using Image after = Read(Written);
        Assert.InRange(LeftAtBranches(after), 0, LeftAtBranches(before));
    }

    private static int LeftAtBranches(Image image)
    {
        return image.Program.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody)
            .SelectMany(method => StackDepth.Before(method.Body)).Count(each => each.Key.OpCode.Code is Code.Br or Code.Br_S && each.Value > 1);
    }

    private string Written => Path.Combine(_folder, "TrimSamples.dll");

    private static Image Read(string? program = null)
    {
        return new Image(program ?? typeof(Calls).Assembly.Location, [AppContext.BaseDirectory, Path.GetDirectoryName(typeof(object).Assembly.Location)!], [], ["System.", "mscorlib"]);
    }

    private string[] Left()
    {
        using Image image = Read(Written);
        return [.. image.Program.GetTypes().SelectMany(type => type.Methods).Select(method => method.Name)];
    }
}
