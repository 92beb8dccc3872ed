using Xunit.Sdk;
using Xunit.v3;

namespace Ark.EndToEnd.Sites;

/// <summary>Runs the tests of a class in the order in which they stand in the file: they share one site, and each leaves it as it found it.</summary>
public sealed class InOrder : ITestMethodOrderer
{
    public IReadOnlyCollection<TTestMethod?> OrderTestMethods<TTestMethod>(IReadOnlyCollection<TTestMethod?> testMethods)
        where TTestMethod : notnull, ITestMethod =>
        [.. testMethods.OrderBy(m => m is IXunitTestMethod method ? method.Method.MetadataToken : 0)];
}
