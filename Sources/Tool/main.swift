import Slipway
import SlipwayStacks

await Slipway.main(stacks: AllStacks.all, kinds: AllKinds.all, tasks: AllTasks.all)
