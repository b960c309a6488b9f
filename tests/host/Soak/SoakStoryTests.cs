// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Soak;

/// <summary>A soak run can be repeated: its seed decides all of it.</summary>
public class SoakStoryTests
{
    [Fact]
    public void The_same_seed_tells_the_same_story()
    {
        var settings = new SoakSettings { Seed = 4, Duration = TimeSpan.FromMinutes(30) };
        Assert.Equal(Story(settings), Story(settings));
        Assert.NotEqual(Story(settings), Story(settings with { Seed = 5 }));
    }

    private static string Story(SoakSettings settings)
    {
        using var run = new SoakRun(settings);
        run.Run();
        return run.Report();
    }
}
