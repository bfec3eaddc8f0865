import { tasks } from './tasks.js'

self.onmessage = async ({ data: { task, given } }) => {
  try {
    postMessage({ result: await tasks[task](given) })
  } catch (error) {
    postMessage({ error: String(error) })
  }
}
