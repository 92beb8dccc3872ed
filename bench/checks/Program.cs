using Ark.Core.Checks;
using Ark.Core.Sites;

// The script that ark check sends to the machines of a site, for other programs to run. Argument: the site's properties.
var site = SiteReader.Read(File.ReadAllText(args[0]), args[0]);
foreach (var problem in site.Problems) Console.Error.WriteLine(problem);
if (!site.Ok) return 2;
Console.Write(HostFactsScript.For(HostFactsQuestion.For(site.Value)));
return 0;
