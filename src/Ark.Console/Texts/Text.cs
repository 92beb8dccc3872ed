using System.Globalization;
using System.Resources;

namespace Ark.Console.Texts;

/// <summary>What the console says in the person's language: English, or Chinese by <c>--lang zh-CN</c> or <c>LANG</c>.</summary>
public static class Text
{
    private static readonly ResourceManager Resources = new("Ark.Console.Texts.Text", typeof(Text).Assembly);

    /// <summary>Set once, from the command line or the environment.</summary>
    public static CultureInfo Language { get; set; } = FromEnvironment();

    public static string Mendable => Get(nameof(Mendable));

    public static string NothingToMend => Get(nameof(NothingToMend));

    public static string UndoneBy => Get(nameof(UndoneBy));

    public static string GoOn => Get(nameof(GoOn));

    public static string Changes => Get(nameof(Changes));

    public static string NoChanges => Get(nameof(NoChanges));

    public static string ChangesTitle => Get(nameof(ChangesTitle));

    public static string SetupTitle => Get(nameof(SetupTitle));

    public static string StepPrepare => Get(nameof(StepPrepare));

    public static string StepCheck => Get(nameof(StepCheck));

    public static string StepBase => Get(nameof(StepBase));

    public static string StepNetwork => Get(nameof(StepNetwork));

    public static string StepDeploy => Get(nameof(StepDeploy));

    public static string DeployImages => Get(nameof(DeployImages));

    public static string DeployMetadb30 => Get(nameof(DeployMetadb30));

    public static string DeployMetadb31 => Get(nameof(DeployMetadb31));

    public static string DeployHaproxy => Get(nameof(DeployHaproxy));

    public static string DeployDncs => Get(nameof(DeployDncs));

    public static string DeployMiddleware => Get(nameof(DeployMiddleware));

    public static string DeployAll => Get(nameof(DeployAll));

    public static string Choose => Get(nameof(Choose));

    /// <summary>{0}: what was typed.</summary>
    public static string NoSuchEntry => Get(nameof(NoSuchEntry));

    public static string NothingHere => Get(nameof(NothingHere));

    public static string Quit => Get(nameof(Quit));

    public static string Back => Get(nameof(Back));

    /// <summary>{0}: exit code.</summary>
    public static string Failed => Get(nameof(Failed));

    public static string Instance => Get(nameof(Instance));

    public static string Machine => Get(nameof(Machine));

    public static string Address => Get(nameof(Address));

    public static string Image => Get(nameof(Image));

    public static string Health => Get(nameof(Health));

    public static string Proof => Get(nameof(Proof));

    public static string Machines => Get(nameof(Machines));

    public static string Component => Get(nameof(Component));

    public static string Product => Get(nameof(Product));

    public static string Instances => Get(nameof(Instances));

    public static string Source => Get(nameof(Source));

    public static string Rule => Get(nameof(Rule));

    public static string Amount => Get(nameof(Amount));

    public static string Number => Get(nameof(Number));

    public static string Beside => Get(nameof(Beside));

    public static string Size => Get(nameof(Size));

    public static string Name => Get(nameof(Name));

    public static string Role => Get(nameof(Role));

    public static string Work => Get(nameof(Work));

    public static string Days => Get(nameof(Days));

    public static string NearestRow => Get(nameof(NearestRow));

    public static string Notes => Get(nameof(Notes));

    public static string Rules => Get(nameof(Rules));

    public static string MachineType => Get(nameof(MachineType));

    public static string StandsOn => Get(nameof(StandsOn));

    public static string Carries => Get(nameof(Carries));

    public static string Needs => Get(nameof(Needs));

    public static string Addresses => Get(nameof(Addresses));

    public static string Disks => Get(nameof(Disks));

    public static string Published => Get(nameof(Published));

    public static string Computed => Get(nameof(Computed));

    public static string AcceptanceMachines => Get(nameof(AcceptanceMachines));

    public static string TestMachines => Get(nameof(TestMachines));

    public static string BusinessDatabases => Get(nameof(BusinessDatabases));

    public static string FtpServer => Get(nameof(FtpServer));

    public static string EdasNodes => Get(nameof(EdasNodes));

    public static string Seen => Get(nameof(Seen));

    public static string Wanted => Get(nameof(Wanted));

    public static string Cause => Get(nameof(Cause));

    public static string Remedy => Get(nameof(Remedy));

    public static string NotReached => Get(nameof(NotReached));

    /// <summary>{0}: its number.</summary>
    public static string Requirement => Get(nameof(Requirement));

    public static string Fail => Get(nameof(Fail));

    public static string CouldNotCheck => Get(nameof(CouldNotCheck));

    public static string Warning => Get(nameof(Warning));

    public static string Pass => Get(nameof(Pass));

    public static string NotApplicable => Get(nameof(NotApplicable));

    /// <summary>{0}: how many.</summary>
    public static string AllMachines => Get(nameof(AllMachines));

    /// <summary>{0}: how many; {1}: of how many; {2}: which.</summary>
    public static string SomeMachines => Get(nameof(SomeMachines));

    public static string WholeSite => Get(nameof(WholeSite));

    public static string OneCheckFailed => Get(nameof(OneCheckFailed));

    /// <summary>{0}: how many.</summary>
    public static string ChecksFailed => Get(nameof(ChecksFailed));

    public static string OneMachine => Get(nameof(OneMachine));

    /// <summary>{0}: how many.</summary>
    public static string CountedMachines => Get(nameof(CountedMachines));

    /// <summary>{0}: how many; {1}: of how many.</summary>
    public static string ReachedMachines => Get(nameof(ReachedMachines));

    /// <summary>{0}: checks failed; {1}: warned; {2}: not checked; {3}: passed; {4}: machines.</summary>
    public static string CheckTally => Get(nameof(CheckTally));

    public static string CheckGood => Get(nameof(CheckGood));

    public static string Group => Get(nameof(Group));

    public static string Check => Get(nameof(Check));

    public static string Result => Get(nameof(Result));

    public static string Evidence => Get(nameof(Evidence));

    public static string Id => Get(nameof(Id));

    public static string RequirementNumber => Get(nameof(RequirementNumber));

    public static string Ways => Get(nameof(Ways));

    public static string WaysFrom => Get(nameof(WaysFrom));

    public static string GroupAccess => Get(nameof(GroupAccess));

    public static string GroupSystem => Get(nameof(GroupSystem));

    public static string GroupHardware => Get(nameof(GroupHardware));

    public static string GroupClock => Get(nameof(GroupClock));

    public static string GroupNames => Get(nameof(GroupNames));

    public static string GroupNetwork => Get(nameof(GroupNetwork));

    public static string GroupSecurity => Get(nameof(GroupSecurity));

    public static string GroupKernel => Get(nameof(GroupKernel));

    public static string GroupLimits => Get(nameof(GroupLimits));

    public static string GroupStorage => Get(nameof(GroupStorage));

    public static string GroupSoftware => Get(nameof(GroupSoftware));

    public static string GroupPorts => Get(nameof(GroupPorts));

    public static string GroupPlan => Get(nameof(GroupPlan));

    public static string GroupDatabase => Get(nameof(GroupDatabase));

    public static string GroupPeople => Get(nameof(GroupPeople));

    public static string Page => Get(nameof(Page));

    public static string PageSite => Get(nameof(PageSite));

    public static string PageAt => Get(nameof(PageAt));

    public static string PageMode => Get(nameof(PageMode));

    public static string PagePhysical => Get(nameof(PagePhysical));

    public static string PageVm => Get(nameof(PageVm));

    public static string PageGood => Get(nameof(PageGood));

    public static string PageBad => Get(nameof(PageBad));

    public static string PageProblems => Get(nameof(PageProblems));

    public static string PagePassed => Get(nameof(PagePassed));

    public static string PageNotApplicable => Get(nameof(PageNotApplicable));

    public static string TallyFailed => Get(nameof(TallyFailed));

    public static string TallyNotChecked => Get(nameof(TallyNotChecked));

    public static string TallyWarned => Get(nameof(TallyWarned));

    public static string TallyPassed => Get(nameof(TallyPassed));

    public static string TallyNotApplicable => Get(nameof(TallyNotApplicable));

    public static string PageSigned => Get(nameof(PageSigned));

    public static string PageSeen => Get(nameof(PageSeen));

    public static string PageCustomer => Get(nameof(PageCustomer));

    public static string PageDelivery => Get(nameof(PageDelivery));

    public static string SignName => Get(nameof(SignName));

    public static string SignPlace => Get(nameof(SignPlace));

    public static string SignDate => Get(nameof(SignDate));

    public static string SignSignature => Get(nameof(SignSignature));

    /// <summary>{0}: time; {1}: seconds.</summary>
    public static string Watching => Get(nameof(Watching));

    /// <summary>{0}: how many; {1}: of how many; {2}: which.</summary>
    public static string Connecting => Get(nameof(Connecting));

    public static string Asking => Get(nameof(Asking));

    /// <summary>{0}: its number; {1}: yes or no.</summary>
    public static string AnswerKept => Get(nameof(AnswerKept));

    public static string Yes => Get(nameof(Yes));

    public static string No => Get(nameof(No));

    public static string ErrorOf => Get(nameof(ErrorOf));

    public static string WarningOf => Get(nameof(WarningOf));

    public static string Interrupted => Get(nameof(Interrupted));

    public static string YesOrNo => Get(nameof(YesOrNo));

    /// <summary>{0}: the question.</summary>
    public static string NobodyToAsk => Get(nameof(NobodyToAsk));

    /// <summary>{0}: account; {1}: server.</summary>
    public static string PasswordOf => Get(nameof(PasswordOf));

    public static string Starting => Get(nameof(Starting));

    /// <summary>{0}: the step; {1}: why.</summary>
    public static string StepSkipped => Get(nameof(StepSkipped));

    /// <summary>{0}: done; {1}: failed; {2}: not begun.</summary>
    public static string StepsEnded => Get(nameof(StepsEnded));

    /// <summary>{0}: the command.</summary>
    public static string RunAgain => Get(nameof(RunAgain));

    public static CultureInfo Parse(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? new CultureInfo("zh-CN") : CultureInfo.InvariantCulture;

    private static CultureInfo FromEnvironment() =>
        Parse(Environment.GetEnvironmentVariable("LC_ALL") is { Length: > 0 } all ? all : Environment.GetEnvironmentVariable("LANG") ?? "");

    private static string Get(string name) => Resources.GetString(name, Language) ?? name;
}
