// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Mutation;

/// <summary>One of the product's assemblies, compiled with all its mutants behind a switch.</summary>
internal sealed class MutatedAssembly
{
    private static readonly CSharpParseOptions s_language = new(LanguageVersion.CSharp9, DocumentationMode.Parse);

    private readonly CSharpCompilation _original;
    private readonly Constants _constants;
    private readonly Func<string, bool> _mutate;
    private readonly Dictionary<string, string> _paths = [];
    private readonly HashSet<int> _refused = [];

    /// <param name="project">The product's assembly.</param>
    /// <param name="built">The folder with all assemblies as they were built.</param>
    /// <param name="mutate">Which source files are mutated.</param>
    internal MutatedAssembly(ProductProject project, string built, Func<string, bool> mutate)
    {
        _mutate = mutate;
        List<SyntaxTree> trees = [];
        foreach (string path in project.Sources())
        {
            _paths[path] = Repository.Relative(path);
            trees.Add(CSharpSyntaxTree.ParseText(SourceText.From(File.ReadAllText(path)), s_language, path));
        }

        using Stream switchText = typeof(MutatedAssembly).Assembly.GetManifestResourceStream("MutantSwitch")!;
        using StreamReader reader = new(switchText);
        SyntaxTree switchTree = CSharpSyntaxTree.ParseText(reader.ReadToEnd(), s_language, "MutantSwitch.cs");
        SyntaxTree info = CSharpSyntaxTree.ParseText(File.ReadAllText(project.AssemblyInfo), s_language, "AssemblyInfo.cs");
        string platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<string> references = platform.Split(Path.PathSeparator).Where(path => Path.GetDirectoryName(path) == runtime)
            .Concat(project.References.Select(name => Path.Combine(built, name + ".dll")));
        _original = CSharpCompilation.Create(
            project.Assembly,
            trees.Append(switchTree).Append(info),
            references.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release));
        Diagnostic[] wrong = Errors(_original);
        if (wrong.Length > 0)
        {
            throw new InvalidOperationException($"{project.Assembly} does not compile as it is: {wrong[0]}");
        }

        _constants = new(_original, mutate);
    }

    /// <summary>The mutants, after <see cref="Write"/>.</summary>
    internal List<Mutant> Mutants { get; } = [];

    /// <summary>Gets the number of mutants that the language refuses.</summary>
    internal int Refused => _refused.Count;

    /// <summary>Compiles. What the language refuses is taken out, until the rest compiles.</summary>
    /// <param name="path">Where the assembly is written.</param>
    internal void Write(string path)
    {
        while (true)
        {
            Mutants.Clear();
            CSharpCompilation mutated = _original;
            foreach (SyntaxTree tree in _original.SyntaxTrees.Where(tree => _paths.ContainsKey(tree.FilePath)))
            {
                string file = _paths[tree.FilePath];
                MutantRewriter rewriter = new(_original.GetSemanticModel(tree), _constants, file, _mutate(file), _refused, Mutants);
                SyntaxNode root = rewriter.Visit(tree.GetRoot())!;
                mutated = mutated.ReplaceSyntaxTree(tree, tree.WithRootAndOptions(root, s_language));
            }

            Diagnostic[] wrong = Errors(mutated);
            if (wrong.Length == 0)
            {
                Microsoft.CodeAnalysis.Emit.EmitResult result = mutated.Emit(path);
                if (!result.Success)
                {
                    throw new InvalidOperationException(result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error).ToString());
                }

                Mutants.RemoveAll(mutant => _refused.Contains(mutant.Id));
                return;
            }

            int before = _refused.Count;
            foreach (Diagnostic error in wrong)
            {
                _refused.UnionWith(Blamed(error));
            }

            if (_refused.Count == before)
            {
                SyntaxNode place = wrong[0].Location.SourceTree!.GetRoot().FindNode(wrong[0].Location.SourceSpan);
                throw new InvalidOperationException($"No mutant to blame for {wrong[0]}: {place.FirstAncestorOrSelf<StatementSyntax>()}");
            }
        }
    }

    private static Diagnostic[] Errors(CSharpCompilation compilation) =>
        [.. compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error)];

    /// <summary>The mutants around the place of an error; if there is none, all of its member.</summary>
    private static IEnumerable<int> Blamed(Diagnostic error)
    {
        SyntaxNode place = error.Location.SourceTree!.GetRoot().FindNode(error.Location.SourceSpan, getInnermostNodeForTie: true);
        SyntaxNode? marked = place.AncestorsAndSelf().FirstOrDefault(node => node.HasAnnotations(MutantRewriter.Mark));
        IEnumerable<SyntaxNode> blamed = marked is not null
            ? [marked]
            : place.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.GetAnnotatedNodes(MutantRewriter.Mark);
        return blamed.SelectMany(node => node.GetAnnotations(MutantRewriter.Mark))
            .SelectMany(annotation => annotation.Data!.Split(','))
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
    }
}
